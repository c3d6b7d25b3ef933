"""Keeps pytest from collecting the suites of packs here by itself: they need host functions."""

collect_ignore = ["travel"]
