"""What lets a phone in the same network believe this machine: its addresses, and certificates."""
