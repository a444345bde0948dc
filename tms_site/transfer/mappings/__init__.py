"""The formats that `import_tickets --mapping` knows."""

from tms_site.transfer.mappings.base import Mapping, Own
from tms_site.transfer.mappings.helpdesk import Helpdesk
from tms_site.transfer.mappings.osticket import OsTicket

MAPPINGS: dict[str, type[Mapping]] = {"tms": Own, "django-helpdesk": Helpdesk, "osticket": OsTicket}

__all__ = ["MAPPINGS", "Mapping"]
