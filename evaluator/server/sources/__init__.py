"""Where the entities of searches come from: files, SQLite, and any database of SQLAlchemy."""
