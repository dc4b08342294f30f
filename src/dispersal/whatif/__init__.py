"""What if, who says so, and what would we learn: questions put to a forecast."""
