"""The site: one directory per page, named as its URL."""
