"""The shelves: SQLite by default, any SQLAlchemy URL by FALLLINE_DATABASE; SQL lives here alone."""
