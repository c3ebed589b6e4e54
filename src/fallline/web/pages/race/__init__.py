"""The page of the optimizer race."""
