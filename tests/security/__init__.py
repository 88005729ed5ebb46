"""Who is not let in, and what nobody can make the product do: docs/security.md names each of these tests."""
