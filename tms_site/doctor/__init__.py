"""What `manage.py doctor` looks at: everything that an operator would have to find out one by one."""
