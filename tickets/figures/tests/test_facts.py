"""What one ticket contributes to the figures."""
