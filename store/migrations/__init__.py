"""Schema history, oldest first; every change of ``store.tables`` has its step here."""
