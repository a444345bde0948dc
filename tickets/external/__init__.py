"""Where imported rows come from, so that importing them again is nothing."""
