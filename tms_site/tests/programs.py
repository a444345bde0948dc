"""What programs that tests start have in common."""

# Makes the database and its demo organisation, and says nothing. Hashing its eleven passwords well, which everybody
# knows, would take most of the time.
MAKE_THE_DEMO = """
from io import StringIO
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 64
call_command("seed", stdout=StringIO())
"""
