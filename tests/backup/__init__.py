"""The store backed up, put back and verified, from either engine to either."""
