"""What a case of fault injection is."""

from collections.abc import Callable
from typing import Any

from accounts.models import User

# Makes what a service needs, and returns the call of the service. It bears the name of the service.
Prepare = Callable[[dict[str, User]], Callable[[], Any]]
