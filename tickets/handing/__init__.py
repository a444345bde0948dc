"""Giving tickets to others: to a colleague, to a team, to whoever of a team has least to do, with a note if need be."""
