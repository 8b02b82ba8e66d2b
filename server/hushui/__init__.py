"""护水: the server for offline field logs of rivers, dikes, canals and pump stations."""
