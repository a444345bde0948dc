"""Drills: TMS's real processes are killed under load, to see what remains."""
