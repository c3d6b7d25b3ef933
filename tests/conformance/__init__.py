"""Runners of facts that others have written down, and that we must satisfy."""
