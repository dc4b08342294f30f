"""A new case: what is asked, what stands in for what is not, and the folder that is written."""
