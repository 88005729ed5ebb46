"""The made-up province, and the way from its wire to our figures."""
