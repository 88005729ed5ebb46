"""What an office may change without a programmer: the TOML files here, and the code that reads and checks them."""
