"""Agents who want to hear of a ticket: because they said so, or because somebody named them in a text."""
