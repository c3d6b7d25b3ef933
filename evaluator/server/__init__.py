"""Decisions over HTTP: the AuthZEN Authorization API 1.0, and what running it takes."""
