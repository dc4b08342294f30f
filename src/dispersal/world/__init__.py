"""Countries and places: names, distances, land borders, languages."""
