"""Links between tickets: related ones, duplicates, what blocks what, and follow-ups."""
