"""What commands import, imported once; see ``tests.cli_runner``."""

import gc

import pytest
import rich.console

import evaluator.cli.check
import evaluator.cli.decide
import evaluator.cli.diff
import evaluator.cli.evaluate
import evaluator.cli.explain
import evaluator.cli.mutate
import evaluator.cli.test

__all__ = ["evaluator", "pytest", "rich"]

# The collector would go through all of this in each copy, which would make it copy the memory too.
gc.freeze()
