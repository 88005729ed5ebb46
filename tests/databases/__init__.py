"""Sources that are databases, against real servers."""
