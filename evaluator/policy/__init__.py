"""From the files of packs to linked policies."""
