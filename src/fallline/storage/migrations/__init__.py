"""Migrations: from any older database to today's tables, one step a file."""
