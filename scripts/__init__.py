"""What the Makefile, CI and the container image run around Django.

`install`, `run`, `env_file` and `console` use only the standard library, as they work before anything is installed.
"""
