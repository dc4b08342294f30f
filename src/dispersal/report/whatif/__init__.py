"""Answers kept beside a run (what if, who said so, what moved it) as parts of its report."""
