"""Taking everything along and putting it back: database and attachments in one file, the same for each engine.

The file is a ZIP: `manifest.json`, `rows/<model>.jsonl` with one row a line, `files/<name>` for each stored file. It's
read as Django's models, not as the engine's tables, so that what was saved on SQLite can be restored on MySQL. The
engines' own full-text index isn't in it, as it's made from the tickets; nor are sessions: people log in again.
"""
