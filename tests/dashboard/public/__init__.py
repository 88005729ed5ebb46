"""The page for everybody."""
