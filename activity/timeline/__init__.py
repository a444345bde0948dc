"""A ticket's timeline: its comments and its changes in one order, some at a time.

The order is that of the dates; at the same moment a comment stands before the changes that it caused, and among
themselves comments and changes stand by their numbers. Both tables have an index of that order, so that any part of
a timeline costs what it shows, however long the whole is.
"""

from activity.timeline.events import Event
from activity.timeline.parts import PAGE, Asked, Part, page_of, part_of, whole
from activity.timeline.sources import Show

__all__ = ["PAGE", "Asked", "Event", "Part", "Show", "page_of", "part_of", "whole"]
