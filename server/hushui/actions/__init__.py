"""One file for each thing that a person or a device does."""
