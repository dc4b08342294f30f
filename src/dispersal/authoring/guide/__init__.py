"""What to fill in next in a case that can be read: by rules, or by what a figure would be worth."""
