"""A ledger that was put back unnoticed begins a new epoch when a device shows it so (H04)."""

from hushui.actions.parts import Parts
from hushui.storage.store import Store


def renew(parts: Parts, device: str, contact: str | None, receipted: int = 0) -> None:
    """Before anything of the request is written: numbers that the device has seen must not be
    given to other lines first.

    Not a job of the ledger: a new epoch never begins in the middle of a group.
    """
    if contact is None or not shows_more(parts.store, device, contact, receipted):
        return
    with parts.store.transaction():
        if shows_more(parts.store, device, contact, receipted):
            parts.store.new_epoch(parts.ports.new_id())


def shows_more(store: Store, device: str, contact: str, receipted: int) -> bool:
    """A contact of this epoch beyond its newest receipt; or more lines receipted in this epoch than
    the server holds. The word of a revoked device changes nothing for all the others."""
    ledger = store.ledger()
    epoch, _, number = contact.partition(":")
    if epoch != ledger.epoch or (int(number) <= ledger.number and not receipted):
        return False
    known = store.device(device)
    if known is None or known.revoked is not None:
        return False
    return int(number) > ledger.number or receipted > known.n
