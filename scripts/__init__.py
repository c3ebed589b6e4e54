"""What the Makefile and the maintainers run; nothing here is part of the package."""
