"""The small Specs as source: descent, the signal through a deep net, the next point of a search."""
