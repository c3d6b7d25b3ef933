"""Decisions inside other people's programs: a client of the service, ASGI, FastAPI.

Nothing is imported here, so that each needs its own library only.
"""
