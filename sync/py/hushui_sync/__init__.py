"""The sync core without I/O: see sync/PROTOCOL.md. Rule ids in comments are the page's."""
