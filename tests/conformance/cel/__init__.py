"""The conformance facts of google/cel-spec: ``python -m tests.conformance.cel FOLDER``."""
