"""The dispersal model: fates, pressure, options, journeys, hosts and priors."""
