"""Tests of the law: dates and deadlines worked out by hand."""
