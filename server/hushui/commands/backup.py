"""`hushui backup`: a copy of the data folder that is whole and checked, or not there."""

import sys

from hushui.backup import Made, NotBackedUp, back_up
from hushui.commands.data import ledger_in
from hushui.commands.notdone import UNREADABLE
from hushui.domain.policy import Domain
from hushui.errors import HushuiError
from hushui.ports import system
from hushui.settings import Settings


def backup(settings: Settings, keep: int | None) -> int:
    """0 when it stands. Whatever goes wrong, the older ones stand, and no half one has a name."""
    ledger_in(settings)
    try:
        show(back_up(settings.data, settings.backups, system(), Domain(), keep))
        return 0
    except NotBackedUp as fault:
        return not_made(fault.zh, fault.en)
    except HushuiError as fault:
        return not_made(fault.title_in("zh"), f"{fault.title_in('en')}: {fault}")
    except (*UNREADABLE, OSError) as fault:
        return not_made("读写出错", str(fault))


def not_made(zh: str, en: str) -> int:
    print(
        f"备份没做成：{zh}。以前的备份都在。\n(no backup: {en}; older ones stand)", file=sys.stderr
    )
    return 1


def show(made: Made) -> None:
    photos = made.photos
    print(f"备份好了 backup  {made.where}")
    print(f"  账本 ledger    {made.ledger.number} 条回执，已核对 (receipts, verified)")
    print(
        f"  照片 photos    {photos.linked + photos.copied} 个，新拷 {photos.copied} 个 (new)，"
        f"{photos.bytes / 1024 / 1024:.1f} MiB"
    )
    for old in made.removed:
        print(f"  删了旧的 removed {old.name}")
