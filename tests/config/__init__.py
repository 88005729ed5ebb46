"""Tests of the office settings."""
