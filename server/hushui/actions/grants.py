"""Which scopes a device may pull, and which it may no longer (S01, S09)."""

from collections.abc import Iterable

from hushui.actions.parts import Caller, Parts, scopes_of
from hushui.domain import access
from hushui.storage.store import Store
from hushui_sync.messages import Revoked
from hushui_sync.world import Right

SCOPE_OF = {"zone": "zone", "lead": "zone", "team": "team"}


def grants(parts: Parts, caller: Caller) -> tuple[str, ...]:
    """The device's own scope first: it carries the receipts. Then the person, the organisation,
    teams, zones."""
    order = ("device", "person", "org", "team", "zone")
    scopes = scopes_of(parts, caller)
    return tuple(sorted(scopes, key=lambda scope: (order.index(scope.split(":")[0]), scope)))


def revoked(parts: Parts, caller: Caller, granted: Iterable[str]) -> tuple[Revoked, ...]:
    """Every scope once granted to the person and not any more, each with the receipt number that
    ended it. A revoked device keeps its own scope only."""
    ended = _ended(parts.store, caller)
    if caller.device.revoked is not None:
        readable = access.readable(parts.rights(caller), caller.device.id)
        gone = {scope: caller.device.revoked for scope in readable if not _is_own(scope)}
        ended = ended | gone
    standing = set(granted)
    return tuple(
        Revoked(scope, number) for scope, number in sorted(ended.items()) if scope not in standing
    )


def _is_own(scope: str) -> bool:
    return scope.startswith("device:")


def _ended(store: Store, caller: Caller) -> dict[str, int]:
    rows = store.rights(f"person:{caller.person}")
    numbers = _numbers(rows)
    roles = [until for (sort, _), until in numbers.items() if sort == "role"]
    left = max((until for until in roles if until is not None), default=None)
    if None in roles:
        left = None
    # Who has no role any more reads no zone either, though nobody took it from him by name.
    ends = {
        f"{SCOPE_OF[sort]}:{value}": left if until is None else until
        for (sort, value), until in numbers.items()
        if sort in SCOPE_OF
    }
    ended = {scope: until for scope, until in ends.items() if until is not None}
    if left is not None:
        ended[f"org:{caller.org}"] = left
    return _ended_of_teams(store, numbers) | ended


def _ended_of_teams(store: Store, own: dict[tuple[str, str], int | None]) -> dict[str, int]:
    """Zones that a team leader saw through a team: gone with the zone, the team or the role."""
    if ("role", "team_leader") not in own:
        return {}
    role_end = own["role", "team_leader"]
    ended: dict[str, int] = {}
    for (sort, team), team_end in own.items():
        if sort != "team":
            continue
        for (kind, zone), zone_end in _numbers(store.rights(f"team:{team}")).items():
            ends = [end for end in (role_end, team_end, zone_end) if end is not None]
            if kind == "zone" and ends:
                ended[f"zone:{zone}"] = min(ends)
    return ended


def _numbers(rows: Iterable[Right]) -> dict[tuple[str, str], int | None]:
    """(sort, value) → the number that ended it last, None while one row still stands."""
    numbers: dict[tuple[str, str], int | None] = {}
    for row in rows:
        key = (row.sort, row.value)
        before = numbers.get(key, 0)
        standing = before is None or row.until is None
        numbers[key] = None if standing else max(before or 0, row.until or 0)
    return numbers
