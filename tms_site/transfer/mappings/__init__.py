"""The formats that `import_tickets --mapping` knows."""

from tms_site.transfer.mappings.base import Mapping, Own

MAPPINGS: dict[str, type[Mapping]] = {"tms": Own}

__all__ = ["MAPPINGS", "Mapping"]
