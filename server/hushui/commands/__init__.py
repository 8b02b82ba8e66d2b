"""What the command `hushui` does beside serving."""
