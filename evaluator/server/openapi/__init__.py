"""The OpenAPI document of the service: its paths, and what goes in and comes out at each."""
