"""Merging tickets into one, undoing that, and splitting a conversation into two tickets."""
