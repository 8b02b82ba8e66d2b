"""Copies of the data folder that are whole and checked, or not there.

The ledger is copied first, as of one moment, while the server goes on; then the photos. A photo
lies on the disk before its receipt is in the ledger, and is never removed: so every receipt of the
copy finds its photo. All this happens in a folder beside, which gets its name by one rename at the
end.
"""

from hushui.backup.make import Made, back_up
from hushui.backup.shelf import NotBackedUp

__all__ = ["Made", "NotBackedUp", "back_up"]
