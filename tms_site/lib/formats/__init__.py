"""How dates and times are written, by language: what Django, its admin and our own pages go by."""
