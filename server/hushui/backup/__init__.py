"""Copies of the data folder that are whole and checked, or not there.

The ledger is copied first, as of one moment, while the server goes on; then the photos. A photo
lies on the disk before its receipt is in the ledger, and is never removed: so every receipt of the
copy finds its photo. All this happens in a folder beside, which gets its name by one rename at the
end. Put back, a copy takes the ledger's place by one rename too, and the photos are joined: what
only one side has stays.
"""

from hushui.backup.make import Made, back_up
from hushui.backup.restore import Restored, put_back
from hushui.backup.shelf import NotBackedUp
from hushui.backup.switch import finish, is_cut_off
from hushui.backup.taking import NotRestored

__all__ = [
    "Made",
    "NotBackedUp",
    "NotRestored",
    "Restored",
    "back_up",
    "finish",
    "is_cut_off",
    "put_back",
]
