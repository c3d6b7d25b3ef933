"""The operations in records, beside those that make an object of the parts of its form.

The forms have the numbers behind these, in the order in which they are listed.
"""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Operation"]


class Operation(IntEnum):
    """What is done with the argument of an operation; all leave one object on the stack."""

    REFERENCE = 0  # a number: the object of that record
    REFERENCES = 1  # numbers: a tuple of the objects of those records
    ATOMS = 2  # texts, numbers and the like: a tuple of them
    SCOPE = 3  # the numbers of records by name: a scope, its names looked up when asked for
    SINGLETON = 4  # takes a number: one of the singletons
    REQUESTED = 5  # takes two numbers: of a request type, and of a type in it
    SOURCE = 6  # takes a name and a text, or null for the whole file of that name
