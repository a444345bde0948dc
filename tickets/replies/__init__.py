"""Canned replies: what the desk writes again and again, with placeholders; macros also change the ticket."""
