"""Text as it may be shown or printed. In the ledger it stands as it was written; what would turn
the writing round, ring, or break a file is seen here, and does nothing."""

import re
import unicodedata
from typing import Final

SEEN: Final = "�"
"""In the place of each that is not shown."""
HARMFUL: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
BREAKS: Final = re.compile(r"[\t\n\r]+")


def harmless(text: str) -> str:
    """Line ends and tabs stay."""
    return HARMFUL.sub(SEEN, unicodedata.normalize("NFC", text))


def one_line(text: str) -> str:
    """Of a name or a title."""
    return harmless(BREAKS.sub(" ", text)).strip()
