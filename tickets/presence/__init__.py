"""Who else looks at a ticket or answers it, and whether something new happened on it: a hint, never a lock."""
