"""The kinds of net, one file each."""
