"""Whether the database still is what TMS wrote (docs/security.md, Data safety).

What must hold:

- each ticket and each comment has one create entry in the log;
- its version is the number of its update entries plus one, and its revisions are the versions before that;
- every value that an entry says a field was given is the value that the next change of that field found, and the
  last one is the column's;
- a ticket has a resolution date if and only if it's resolved;
- who works on an unresolved ticket can be assigned: they're an active agent or SysAdmin;
- no merged ticket leads back to itself;
- each rating is what the log last says of it, and counted in the month in which it was given;
- no author has used a client token twice;
- what the log says was created exists, unless the log also says that it was deleted, and not restored since;
- each entry still has the seal that it was written with;
- each attached file lies in the storage with the size and the digest that its row says, and belongs to the ticket that
  its comment is on;
- the search index has a document for each ticket, made of the texts as they are now, and no other;
- the dashboard's figures are what the tickets and comments add up to;
- foreign keys lead somewhere, and the engine's own check finds nothing.

**After a purge** entries are missing rightfully, and they can't be asked any more what they were about. But purges
leave an entry each, which no purge removes (`ActivityQuerySet.purgeable`) and whose seal shows that nobody made it
up: it says before which moment, and whose, entries went. An entry that's missing is excused if it may have been
among them:

- A create entry was written at the creation date by the one who created: both still stand in the row. So it's
  excused by a purge of everybody's or of that user's entries from before a later moment, and by no other.
- An update entry's author and time are gone with it. Its place isn't: revisions aren't purged, each says which
  fields its change replaced and by their old values which entry belongs to it. The missing entry can't be older than
  the entry before it in the row of versions (or than the row's creation), and it's excused by a purge that
  reached beyond that moment. Entries are given to revisions from the newest backwards, so that between two
  equal changes the earlier one counts as missing, which is the one that a purge takes first.
- A delete entry is not older than the last entry about the thing.

So a removal behind TMS's back is found unless it's older than a purge's moment. That is what a purge gives up.

**While TMS runs** rows change between one query and the next. A suspicion is looked at again with the row locked
before it's reported.
"""

from activity.integrity.checks import check_all
from activity.integrity.progress import Progress

__all__ = ["Progress", "check_all"]
