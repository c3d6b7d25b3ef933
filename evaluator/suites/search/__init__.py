"""Looking for requests: which values matter to policies, and a search that needs no solver."""
