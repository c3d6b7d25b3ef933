"""The decision log: what was decided, for whom, on which request, in a chain of records."""
