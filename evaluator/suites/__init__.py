"""Regression suites: what policies must decide, and how well the cases hold them to it."""
