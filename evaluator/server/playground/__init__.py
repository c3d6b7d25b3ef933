"""The playground: a page on which people see why something is denied, and edit the policies."""
