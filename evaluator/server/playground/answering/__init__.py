"""What the page asks, answered: one module an endpoint, from a workspace to JSON data."""
