"""Documents: YAML and JSON as nodes that carry their places, and their shape checked by schemas."""
