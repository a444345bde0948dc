"""What every operation of the API has in common: strict input, problem documents, entity tags, pages."""
