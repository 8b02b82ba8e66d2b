"""The names that records go by: people, zones, structures, teams. Looked up when they are asked
for, so that whoever was renamed is found under the new name everywhere."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, structs

from hushui.domain.cells import short_id
from hushui.domain.harmless import one_line
from hushui.domain.search import plain
from hushui.kinds import KINDS
from hushui.storage.store import RecordQuery, Store
from hushui_sync.world import Record

NAMED: Final = tuple(kind.code for kind in KINDS.values() if "name" in kind.fields)
PAGE: Final = 2_000
KEPT: Final = 20_000


class Named(Struct, frozen=True):
    """``also``: other things it is known by, its code or number."""

    kind: str
    name: str
    also: tuple[str, ...] = ()
    deleted: bool = False


class Names:
    """All names of an organisation at one moment. Ask inside `store.reading()`."""

    def __init__(self, store: Store, org: str) -> None:
        self.store, self.org = store, org
        self.known: dict[str, Named] = {}
        self.others: dict[str, str] = {}
        for kind in NAMED:
            self._load(RecordQuery(org=org, scopes=None, kind=kind, deleted=True, limit=PAGE))

    def __call__(self, id: str) -> str:
        """Its name; of a record that has none, what sort it is and its short id."""
        named = self.known.get(id)
        if named is not None:
            return named.name
        if id not in self.others:
            if len(self.others) >= KEPT:
                self.others.clear()
            self.others[id] = self._other(id)
        return self.others[id]

    def found(self, text: str) -> tuple[str, ...]:
        """Ids of those whose name or code has this text in it, as people type it."""
        wanted = plain(text)
        return tuple(
            id
            for id, named in self.known.items()
            if any(wanted in plain(word) for word in (named.name, *named.also))
        )

    def of(self, kind: str) -> Mapping[str, Named]:
        return {id: named for id, named in self.known.items() if named.kind == kind}

    def _load(self, query: RecordQuery) -> None:
        more = True
        while more:
            found, more = self.store.records(query)
            self.known |= {record.id: _named(record) for record in found}
            if found:
                query = structs.replace(query, after=found[-1].id)

    def _other(self, id: str) -> str:
        record = self.store.record(id)
        if record is None or record.org != self.org or record.kind not in KINDS:
            return short_id(id)
        return f"{KINDS[record.kind].zh} {short_id(id)}"


def _named(record: Record) -> Named:
    fields = record.fields
    also = tuple(str(fields[name]) for name in ("code", "no", "stcd") if fields.get(name))
    name = one_line(str(fields.get("name") or (also[0] if also else short_id(record.id))))
    return Named(record.kind, name, also, record.deleted)
