"""`hushui restore`: a backup in the place of the ledger. What stood there is kept beside it."""

import sys
from pathlib import Path

from hushui.backup import NotRestored, Restored, put_back
from hushui.commands.data import LOCK, finish_cut_off
from hushui.commands.notdone import all_in_words
from hushui.domain.policy import Domain
from hushui.locks import alone
from hushui.ports import system
from hushui.settings import Settings


def restore(settings: Settings, source: Path) -> int:
    """0 when the backup stands. Whatever goes wrong before, the ledger that stood stands."""
    with all_in_words(settings.data):
        settings.data.mkdir(parents=True, exist_ok=True)
        with alone(settings.data / LOCK):
            finish_cut_off(settings.data)
            try:
                show(put_back(source, settings.data, system(), Domain()))
                return 0
            except NotRestored as fault:
                print(
                    f"没有放回备份：{fault.zh}。现在的账本没动。\n"
                    f"(not restored: {fault.en}; the ledger that stood stands)",
                    file=sys.stderr,
                )
                return 1


def show(done: Restored) -> None:
    print("备份放回来了 restored")
    print(f"  账本 ledger    到第 {done.ledger.number} 条回执 (receipts)，新纪元 (new epoch)")
    print(f"  照片 photos    从备份拷来 {done.photos} 个，这里原有的都留着 (those here stay)")
    if done.replaced is not None:
        print(f"  换下的账本 replaced  {done.replaced}")
    print(
        "现在启动服务。手机会把备份以后的记录和照片再传一遍；备份以后才登记的手机要新加入码，"
        "值班室重新登录。\n"
        "(start the server: phones send again what came after the backup; those enrolled since\n"
        "need a new code, the office signs in again)"
    )
