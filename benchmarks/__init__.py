"""Measuring TMS as it is served: `make bench`, explained in docs/benchmarks.md.

settings, urls, views   TMS as always, and beside it the bare page that it's compared with
pages                   what is measured
prepare                 in the database's process: making it, finding what to ask for, counting queries, tidying up
servers, client         gunicorn, and who asks it
figures, report         medians, ratios, verdicts; the table and the file
run                     all of it together
"""
