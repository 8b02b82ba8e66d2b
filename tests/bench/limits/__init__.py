"""What this machine gives at most: programs of at most 40 lines that think nothing."""
