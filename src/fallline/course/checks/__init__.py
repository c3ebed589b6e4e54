"""The content check, one subject a file. Each returns problems; none raises for bad content."""
