"""What programs that tests start have in common: the database that they work on, made without a word."""

# Hashing well what everybody knows would take longer than all else.
MAKE_THE_TABLES = """
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 64
"""
MAKE_THE_DEMO = f"""{MAKE_THE_TABLES}
from io import StringIO
call_command("seed", stdout=StringIO())
"""
# Jane alone, of whom the demo has ten colleagues and what they have said.
MAKE_JANE = f"""{MAKE_THE_TABLES}
from accounts.actors import SYSTEM
from accounts.services import create_user
create_user(actor=SYSTEM, email="jane.doe@example.com", username="Jane Doe", password="Hello123.")
"""
