"""A realistic organisation of any size, for measuring and for trying things out: `manage.py generate_tickets`.

plan          what is wanted, and rows on their way
words, times  what people write, and when they work
people        who they are
lives         what happens to one ticket
ledger        what the activity log says of it
organisation  all of it together, in the order of time
tables        how rows get into the database
"""
