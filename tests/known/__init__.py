"""Tests of what was known on a past evening."""
