"""Every size the protocol fixes, once. Bytes unless the name says otherwise."""

LINE_BYTES = 65_536
LINE_BYTES_KEPT = 1_048_576
HELLO_BYTES = 4_096
PUSH_BYTES = 4 * 1_048_576
PUSH_LINES = 4_096
"""Each costs the one writer about a millisecond, even when it is empty. There are fewer true lines
in a mebibyte."""
BLOB_BYTES = 30 * 1_048_576
RESCUE_BYTES = 1024 * 1_048_576
RESCUE_LINES = 65_536
RESCUE_FEEDS = 256
RESCUE_ABOUT_BYTES = 8 * 1_048_576
"""Of `bundle.json`: so many blobs named, with room to spare."""
PULL_BYTES = 262_144
PULL_BYTES_MAX = 1_048_576
CURSORS_PER_PULL = 4_096
PULL_REQUEST_BYTES = 1_048_576
"""So many cursors with room to spare."""
CHECK_RECORDS = 1_000

DEPTH = 64
OPS = 32
FIELDS_PER_OP = 64
BLOBS_PER_ENTRY = 16
INTEGER = 2**53 - 1

CLOCK_OFF_MS = 5 * 60_000
AHEAD_MS = 5 * 60_000
LATE_MS = 7 * 24 * 3_600_000
UPLOAD_DAYS = 30
CODE_HOURS = 24
