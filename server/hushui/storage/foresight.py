"""What taking some lines will ask, looked up together: eight questions in place of eight a line."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from hushui.storage import codec
from hushui.storage.lookups import Lookups
from hushui_sync.entry import Entry
from hushui_sync.ids import is_id
from hushui_sync.world import Device, ScopeHead

Asked = tuple[str, tuple[Any, ...]]
"""A method of Reader and its arguments."""
AMONG: Final = "IN (SELECT value FROM json_each(?))"


class Foresight(Lookups):
    def foresee(self, pushes: Sequence[tuple[str, Sequence[Entry]]]) -> Mapping[Asked, Any]:
        """``pushes``: a device and its entries. Each answer is what the method would have said."""
        known: dict[Asked, Any] = {}
        devices = self._devices({device for device, _ in pushes})
        known |= {("device", (id,)): device for id, device in devices.items()}
        entries: dict[str, list[Entry]] = defaultdict(list)
        scopes, holders = set[str](), set[str]()
        for id, taken in pushes:
            device = devices.get(id)
            if device is not None:
                entries[device.org] += taken
                scopes |= {f"device:{id}", f"person:{device.person}"}
                holders.add(f"person:{device.person}")
        for org, taken in entries.items():
            made = {op.record for entry in taken for op in entry.ops}
            known |= self._entries(org, {entry.id for entry in taken})
            known |= self._unmade(org, made)
            known |= self._records(made | {id for entry in taken for id in _named(entry)})
            known |= self._followers(made)
            known |= self._given(made)
        known |= self._scopes(scopes)
        known |= self._rights(holders)
        return known

    def _devices(self, ids: Iterable[str]) -> dict[str, Device]:
        rows = self._among(f"SELECT {codec.DEVICE} FROM device WHERE id {AMONG}", ids)
        return {device.id: device for device in map(codec.device, rows)}

    def _entries(self, org: str, ids: set[str]) -> dict[Asked, Any]:
        sql = f"SELECT {codec.ENTRY} FROM entry WHERE org = ? AND id {AMONG}"
        found = {known.id: known for known in map(codec.entry, self._among(sql, ids, org))}
        return {("entry", (org, id)): found.get(id) for id in ids}

    def _unmade(self, org: str, records: set[str]) -> dict[Asked, Any]:
        sql = f"SELECT record, entry FROM unmade WHERE org = ? AND record {AMONG} ORDER BY seq DESC"
        found = dict(self._among(sql, records, org))
        return {("unmade", (org, id)): found.get(id) for id in records}

    def _records(self, ids: set[str]) -> dict[Asked, Any]:
        found = dict(self._among(f"SELECT id, inner FROM record WHERE id {AMONG}", ids))
        return {("record", (id,)): codec.record(found[id]) if id in found else None for id in ids}

    def _followers(self, records: set[str]) -> dict[Asked, Any]:
        sql = f"SELECT subject, id FROM record WHERE subject {AMONG} ORDER BY id"
        found = defaultdict(list)
        for subject, id in self._among(sql, records):
            found[subject].append(id)
        return {("followers", (id,)): found.get(id, []) for id in records}

    def _given(self, records: set[str]) -> dict[Asked, Any]:
        sql = (
            f"SELECT {codec.RIGHT} FROM holding WHERE source {AMONG} AND until IS NULL"
            " ORDER BY holder, sort, value, since"
        )
        found = defaultdict(list)
        for right in map(codec.right, self._among(sql, records)):
            found[right.source].append(right)
        return {("rights_from", (id,)): found.get(id, []) for id in records}

    def _scopes(self, scopes: set[str]) -> dict[Asked, Any]:
        sql = f"SELECT scope, position, digest FROM scope WHERE scope {AMONG}"
        found = {scope: ScopeHead(*head) for scope, *head in self._among(sql, scopes)}
        return {("scope", (scope,)): found.get(scope) for scope in scopes}

    def _rights(self, holders: set[str]) -> dict[Asked, Any]:
        sql = (
            f"SELECT {codec.RIGHT} FROM holding WHERE holder {AMONG}"
            " ORDER BY since, sort, value, source"
        )
        found = defaultdict(list)
        for right in map(codec.right, self._among(sql, holders)):
            found[right.holder].append(right)
        return {("rights", (holder,)): found.get(holder, []) for holder in holders}

    def _among(self, sql: str, ids: Iterable[str], *before: str) -> list[tuple[Any, ...]]:
        return self.all(sql, (*before, msgspec.json.encode(sorted(ids)).decode()))


def _named(entry: Entry) -> set[str]:
    """Records that its fields seem to name."""
    return {value for op in entry.ops for value in op.set.values() if is_id(value)}
