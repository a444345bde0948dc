"""What tickets are sorted by: a category that the requester chooses, a team that looks after them, tags of the desk.

`models.py` has the lists, `names.py` says when two names are one, `services.py` keeps teams and categories,
`tagging.py` writes a ticket's tags for the services of tickets, `offered.py` reads what forms and filters offer.
"""
