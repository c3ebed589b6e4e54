"""The views of a Record as source: what a short script makes of the Record's own JSON and files."""
