"""A training as source: rows, net, and loop, in PyTorch or in Keras."""
