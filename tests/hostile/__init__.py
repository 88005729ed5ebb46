"""Texts that want to be more than texts: whatever a source, a file or a person writes is shown as it is written."""
