"""Tickets from and for other systems: `manage.py import_tickets` and `manage.py export_all` (docs/import-export.md).

tables    which tables and columns there are
values    what a cell means
reading   lines of CSV and JSON Lines, from files that nobody has looked at yet
mappings  what the exports of other systems mean
folders   an export as a whole: its manifest, its files
known     which rows a cell may speak of
services  writing rows as the services of TMS would have written them
running   an import, batch by batch
exporting an export
"""
