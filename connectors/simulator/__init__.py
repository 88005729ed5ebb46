"""A made-up province, served as a one-stop system in the national exchange format: the demo's source."""
