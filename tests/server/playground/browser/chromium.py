"""Where the browser is that the page is driven in, and how it is started."""

from __future__ import annotations

import os
import shutil
from typing import Final

__all__ = ["FLAGS", "REBOUND", "executable"]

REBOUND: Final = "rebound.example"
"""A name that the browser takes for this machine, as after a change of somebody's DNS."""

# The list takes the place of playwright's, of which these are what matters here. The last three
# show the bar of addresses as pages of their own, which take as long to load as the page itself.
_WITHOUT: Final = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
)

FLAGS: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    f"--disable-features={','.join(_WITHOUT)}",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # root, as whom containers run, has none
    f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1",
)


def executable() -> str | None:
    """The path of Chromium: $EVALUATOR_CHROMIUM, or else one that the system has."""
    told = os.environ.get("EVALUATOR_CHROMIUM")
    names = (told,) if told else ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)
