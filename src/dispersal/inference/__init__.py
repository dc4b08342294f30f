"""The likelihood of the evidence, the posterior and its diagnostics."""
