"""Packs kept on disk as they were linked, to be loaded again without being read and checked."""
