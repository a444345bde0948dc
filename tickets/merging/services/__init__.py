"""Merging tickets, undoing it, splitting: see the modules."""

from tickets.merging.services.merge import MERGE_MAX, MergeResult, merge_tickets
from tickets.merging.services.split import SplitResult, split_ticket
from tickets.merging.services.undo import undo_merge

__all__ = ["MERGE_MAX", "MergeResult", "SplitResult", "merge_tickets", "split_ticket", "undo_merge"]
