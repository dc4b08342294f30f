"""Built-in cases: data only, one folder a case (docs/case-format.md)."""
