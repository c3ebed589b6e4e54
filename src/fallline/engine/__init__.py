"""The maths: pure functions and frozen values; no files, no clock, no network."""
