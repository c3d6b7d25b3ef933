"""The configuration of the service: its file, read with every problem at its place."""
