"""What operators see of TMS at work: a line for each request, and figures at /metrics."""
