"""Satisfaction: what requesters say about how their tickets were resolved."""
