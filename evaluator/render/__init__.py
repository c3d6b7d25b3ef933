"""Diagnostics, decisions and explanations in the formats that people and tools read."""
