"""Pictures of displacement in matplotlib, in the project's one style."""
