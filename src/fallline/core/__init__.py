"""The words: what every other room speaks in."""
