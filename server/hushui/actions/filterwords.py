"""A filter in words, for whoever opens a file and asks which records are in it."""

from collections.abc import Iterator

from hushui.actions.asking import Filter
from hushui.actions.names import Names
from hushui.domain.cells import word
from hushui.domain.days import local
from hushui.kinds.columns import REVIEWS
from hushui.kinds.kind import Kind

ALL = "全部"
STATES = {code: zh for code, (zh, _) in REVIEWS.items()} | {"counted": "除不予采用外"}


def words_of(kind: Kind, filter: Filter, names: Names) -> str:
    return "；".join(f"{what}：{said}" for what, said in _parts(kind, filter, names)) or ALL


def _parts(kind: Kind, filter: Filter, names: Names) -> Iterator[tuple[str, str]]:
    if filter.zone:
        yield "责任区", names(filter.zone)
    if filter.person:
        yield "记录人", names(filter.person)
    if filter.state:
        yield "审核状态", STATES.get(filter.state, filter.state)
    when = kind.fields[filter.by].zh if filter.by in kind.fields else "记录时间"
    if filter.since is not None or filter.until is not None:
        yield when, f"{_moment(filter.since)} 起，{_moment(filter.until)} 止（不含）"
    for pair in filter.where:
        name, _, code = pair.partition(":")
        field = kind.fields[name]
        yes_no = {"true": "是", "false": "否", "": "没有填"}
        yield field.zh, yes_no.get(code) or word(field, code)
    if filter.open_at is not None:
        yield "未结案", f"截至 {_moment(filter.open_at)}"
    if filter.ended_from is not None or filter.ended_to is not None:
        ended = _moment(filter.ended_from), _moment(filter.ended_to)
        yield "结案时间", f"{ended[0]} 起，{ended[1]} 止（不含）"
    if filter.q:
        yield "搜索", filter.q
    if filter.conflict:
        yield "两人同时改", "还没定的"
    if filter.deleted:
        yield "作废的", "也在内"


def _moment(ms: int | None) -> str:
    return "不限" if ms is None else local(min(ms, 253_370_000_000_000)).strftime("%Y-%m-%d %H:%M")
