"""The engine: counts that move between states, as expected values and as sampled integers."""
