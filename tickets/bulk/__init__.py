"""One change of many tickets: what will happen, a result for each row, and undo for what can be undone."""
