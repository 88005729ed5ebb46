"""Tests of what runs without a reader."""
