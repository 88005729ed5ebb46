"""A production of one's own: units, proxy, container, backups, releases; nothing of it outside of a folder."""
