"""What is to happen outside of the database: written in the change's own transaction, done after it by a worker."""
