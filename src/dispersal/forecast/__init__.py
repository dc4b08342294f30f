"""From posterior to ensemble to forecast, and its scores."""
