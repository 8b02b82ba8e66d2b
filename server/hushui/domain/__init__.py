"""What the bureau's rules say, as pure functions: no disk, no clock, no chance."""
