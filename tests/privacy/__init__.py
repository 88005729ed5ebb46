"""What is personal never gets in."""
