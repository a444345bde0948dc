"""The requester's side: one's own tickets, what needs an answer first, and what happens next."""
