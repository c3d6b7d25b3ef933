"""The collector of garbage kept from policies, which stay: to look through them takes it long."""

from __future__ import annotations

import gc

__all__ = ["settle"]


def settle() -> None:
    """Lets the collector pass over all that is there now, once what is garbage of it is gone.

    Each of its rounds through a large set would keep all answers waiting. What was passed over
    before, and has been replaced since, goes too.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
