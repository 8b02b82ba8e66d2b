"""What people do in a simulation: report, correct, void, review, hand out zones, and slip up."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hushui.ledger import SystemLine
from hushui.storage.store import RecordQuery
from hushui_sync.entry import Op
from hushui_sync.ids import uuid7
from hushui_sync.world import Record
from tests.sim.people import LEADER, OFFICE, ORG, PATROLLERS, ZONES

if TYPE_CHECKING:
    from tests.sim.phone import Phone
    from tests.sim.simulation import Simulation

Fields = dict[str, Any]
WORDS = ("坡脚", "渗水", "清水", "浑水", "木桩", "编织袋", "迎水面", "六孔桥")
UNSEEN = {"no_photo_reason": "夜里"}
FACTS = ("hazard", "work", "event", "patrol")


class Work:
    def __init__(self, sim: "Simulation") -> None:
        self.sim, self.chance = sim, sim.chance
        self.slips: list[tuple[Phone, str, str]] = []
        """Unaccepted lines to come: phone, entry, record."""

    def do(self, phone: "Phone") -> None:
        if phone.person is OFFICE:
            self._office(phone)
        elif phone.person is LEADER:
            self._hand_out(phone)
        else:
            self.chance.choice(
                (
                    *(self._report, self._report, self._correct, self._correct, self._add),
                    *(self._void, self._slip, self._repair, self._photo, self._free),
                )
            )(phone)

    def _capture(self, phone: "Phone", ops: list[Fields], **more: Any) -> str | None:
        return phone.capture(ops, **more)

    def _free(self, phone: "Phone") -> None:
        phone.free()

    def _id(self) -> str:
        return uuid7(self.sim.now, self.chance.randbytes(10))

    def _new(self, phone: "Phone", kind: str) -> tuple[str, Fields]:
        fields: Fields = {"zone": self.chance.choice(ZONES), "note": self._word()}
        match kind:
            case "hazard":
                fields |= {"types": ["piping"], "nature": "acute"}
            case "work":
                fields |= {"work_kind": "canal_desilt", "length_m": self.chance.randint(1, 300)}
                fields |= UNSEEN
            case "event":
                fields |= {"class": "dump"}
            case _:
                fields = {"zone": fields["zone"], "started": self.sim.now}
        if self.chance.random() < 0.05:
            fields["field_of_tomorrow"] = self._word()
        record = self._id()
        return record, {"kind": kind, "record": record, "act": "put", "set": fields}

    def _word(self) -> str:
        return self.chance.choice(WORDS)

    def _report(self, phone: "Phone") -> None:
        self._capture(phone, [self._new(phone, self.chance.choice(FACTS))[1]])

    def _photo(self, phone: "Phone") -> None:
        kind = self.chance.choice(["hazard", "hazard", "work"])
        record, op = self._new(phone, kind)
        ops, blobs = [op], list[str]()
        if kind == "work":
            del op["set"]["no_photo_reason"]
        for slot in ("before", "after") if kind == "work" else ("scene",):
            bytes = self.chance.randbytes(
                self.chance.choice([200, 200, 200, 5_000, 5_000, 300_000])
            )
            blobs.append(phone.photo(bytes))
            fields = {
                "subject": record,
                "slot": slot,
                "sha256": blobs[-1],
                "width": 4,
                "height": 3,
                "size": len(bytes),
                "taken": self.sim.now,
            }
            ops.append({"kind": "photo", "record": self._id(), "act": "put", "set": fields})
        self._capture(phone, ops, blobs=blobs)

    def _seen(self, phone: "Phone", kinds: tuple[str, ...] = FACTS) -> Fields | None:
        """Something of one's own that the phone shows; sometimes somebody else's."""
        choices = phone.choices(*kinds)
        own = [choice for choice in choices if choice["author"] == phone.person.id]
        pool = own if own and self.chance.random() < 0.8 else choices
        return phone.view(self.chance.choice(pool)["record"]) if pool else None

    def _correct(self, phone: "Phone") -> None:
        view = self._seen(phone, ("hazard", "work", "event"))
        if view is not None:
            name = "length_m" if view["kind"] == "work" else "note"
            value = self.chance.randint(1, 300) if name == "length_m" else self._word()
            op = {"kind": view["kind"], "record": view["record"], "act": "put"}
            self._capture(phone, [{**op, "set": {name: value}}])

    def _add(self, phone: "Phone") -> None:
        view = self._seen(phone, ("patrol",))
        if view is not None:
            now = self.sim.now
            set = {"type": "segment", "from": now - 60_000, "to": now, "gap": "no_fix"}
            op = {"kind": "patrol", "record": view["record"], "act": "add", "set": set}
            self._capture(phone, [op])

    def _void(self, phone: "Phone") -> None:
        view = self._seen(phone)
        if view is not None:
            act = "undel" if view.get("deleted") else "del"
            op = {"kind": view["kind"], "record": view["record"], "act": act, "set": {}}
            self._capture(phone, [op])

    def _slip(self, phone: "Phone") -> None:
        """A line the server will not take: out of range, a kind from the future, a lost stamp."""
        record, op = self._new(phone, "work")
        if self.chance.random() < 0.5:
            op["set"]["length_m"] = 1e12
        else:
            op["kind"] = "kind_of_tomorrow"
        entry = self._capture(phone, [op])
        if entry is not None:
            self.slips.append((phone, entry, record))
            if self.chance.random() < 0.5:
                later = {"kind": op["kind"], "record": record, "act": "put"}
                self._capture(phone, [{**later, "set": {"note": self._word()}}])

    def _repair(self, phone: "Phone") -> None:
        mine = [slip for slip in self.slips if slip[0] is phone]
        if not mine:
            return
        slip = self.chance.choice(mine)
        self.slips.remove(slip)
        _, entry, record = slip
        act = self.chance.choice(("abandon", "refer", "replace", "replace"))
        if act != "replace":
            op = {"kind": "entry", "record": entry, "act": act, "set": {"entry": entry}}
            self._capture(phone, [op])
            if act == "refer":
                self.sim.fire("line referred")
            return
        fields = {"zone": ZONES[0], "work_kind": "canal_desilt", "length_m": 12, "note": "改好了"}
        fields |= UNSEEN
        op = {"kind": "work", "record": record, "act": "put", "set": fields, "base": {}}
        self._capture(phone, [op], replaces=entry)

    def _hand_out(self, phone: "Phone") -> None:
        """A zone goes from one patroller to another in one entry (A07)."""
        zone, taker = self.chance.choice(ZONES), self.chance.choice(PATROLLERS)
        ended = {"kind": "grant", "act": "put", "set": {"ended": True}}
        ops: list[Fields] = [{**ended, "record": grant} for grant in phone.standing(zone)]
        given = {"person": taker.id, "zone": zone, "role": "member"}
        ops.append({"kind": "grant", "record": self._id(), "act": "put", "set": given})
        self._capture(phone, ops[-32:])

    def _office(self, phone: "Phone") -> None:
        """Acts on what the server holds now, as the desk does by GET /api/records."""
        if self.sim.server.open:
            self.chance.choice(
                (
                    *(self._review, self._review, self._amend, self._settle, self._settle),
                    *(self._answer, self._answer, self._give_zone),
                    *(self._revoke_person, self._revoke_device),
                )
            )(phone)

    def _answer(self, phone: "Phone") -> None:
        """Adopts or declines what is held or quarantined."""
        waiting = [
            known
            for known, _, receipt in self.sim.server.store.unaccepted(ORG)
            if known is not None and receipt.verdict in ("held", "quarantined")
        ]
        if waiting:
            known = self.chance.choice(waiting)
            act = self.chance.choice(("adopt", "decline"))
            record = known.id if ":" not in known.id else known.device
            op = {"kind": "entry", "record": record, "act": act, "set": {"entry": known.id}}
            self._capture(phone, [op])
            self.sim.fire("line adopted" if act == "adopt" else "line declined")

    def _give_zone(self, phone: "Phone") -> None:
        """One grant is ended, or an ended one stands again."""
        grants = self._listed("grant")
        if grants:
            grant = self.chance.choice(grants)
            self._change(phone, grant, {"ended": not grant.fields.get("ended")})

    def _revoke_person(self, phone: "Phone") -> None:
        """Who left may come back."""
        record = self.sim.server.store.record(self.chance.choice(PATROLLERS).id)
        if record is not None and (record.deleted or self.chance.random() < 0.3):
            stamp = record.stamps.get("$deleted")
            base = {name: it.entry for name, it in record.stamps.items()}
            base |= {"$deleted": stamp.entry} if stamp else {}
            act = "undel" if record.deleted else "del"
            op = {"kind": "member", "record": record.id, "act": act, "set": {}, "base": base}
            self._capture(phone, [op])

    def _revoke_device(self, phone: "Phone") -> None:
        devices = [it for it in self._listed("device") if it.fields["person"] != OFFICE.id]
        if devices:
            device = self.chance.choice(devices)
            revoked = bool(device.fields.get("revoked"))
            if revoked or self.chance.random() < 0.3:
                self._change(phone, device, {"revoked": not revoked})

    def _change(self, phone: "Phone", record: Record, set: Fields) -> None:
        stamps = {name: record.stamps.get(name) for name in set}
        base = {name: None if stamp is None else stamp.entry for name, stamp in stamps.items()}
        op = {"kind": record.kind, "record": record.id, "act": "put", "set": set, "base": base}
        self._capture(phone, [op])

    def restore_rights(self) -> None:
        """At the end some have their rights again, and some have not. Nobody who has yet to enrol
        is left without."""
        store, ledger = self.sim.server.store, self.sim.server.ledger
        enrolling = {
            it.person.id
            for it in self.sim.all
            if it.moving or not it.enrolled or store.device(it.device) is None
        }
        for person in PATROLLERS:
            record = store.record(person.id)
            if record is None or not record.deleted:
                continue
            if person.id in enrolling or self.chance.random() < 0.5:
                self.take_back(record)
        for record in self._listed("device", 100):
            if record.fields.get("revoked") and self.chance.random() < 0.5:
                seen = record.stamps["revoked"].entry
                op = Op("device", record.id, "put", {"revoked": False}, {"revoked": seen})
                ledger.drain([SystemLine(ORG, (op,))])

    def take_back(self, member: Record) -> None:
        """Somebody who had left."""
        stamp = member.stamps["$deleted"].entry
        op = Op("member", member.id, "undel", {}, {"$deleted": stamp})
        self.sim.server.ledger.drain([SystemLine(ORG, (op,))])

    def _listed(self, kind: str, limit: int = 8) -> Sequence[Record]:
        query = RecordQuery(org=ORG, scopes=None, kind=kind, limit=limit)
        return self.sim.server.store.records(query)[0]

    def _amend(self, phone: "Phone") -> None:
        """The desk corrects a record whose author may be correcting it without signal."""
        kind = self.chance.choice(("hazard", "event"))
        facts = self._listed(kind)
        if facts:
            target = self.chance.choice(facts)
            stamp = target.stamps.get("note")
            base = {"note": None if stamp is None else stamp.entry}
            op = {"kind": kind, "record": target.id, "act": "put", "base": base}
            self._capture(phone, [{**op, "set": {"note": self._word()}}])

    def _settle(self, phone: "Phone") -> None:
        open_ones = [
            (record, conflict)
            for kind in FACTS
            for record in self._listed(kind)
            for conflict in record.conflicts
        ]
        if open_ones:
            record, conflict = self.chance.choice(open_ones)
            stands = record.stamps[conflict.field].entry
            kept = self.chance.choice([conflict.entry, stands])
            set = {"field": conflict.field, "stamp": kept}
            op = {"kind": record.kind, "record": record.id, "act": "settle", "set": set}
            self._capture(phone, [{**op, "base": {}}])
            self.sim.fire("conflict settled")

    def _review(self, phone: "Phone") -> None:
        kind = self.chance.choice(FACTS)
        facts = self._listed(kind)
        if not facts:
            return
        target = self.chance.choice(facts)
        decision = self.chance.choice(["approved", "returned", "rejected"])
        fields: Fields = {
            "target": target.id,
            "version": max(1, target.version - self.chance.choice([0, 0, 0, 1])),
            "decision": decision,
        }
        if decision != "approved":
            fields |= {"reason": "看不清", "points": [{"field": "note"}]}
        base = {"$review": target.review.entry if target.review else None}
        op = {"kind": "review", "record": self._id(), "act": "put", "set": fields, "base": base}
        self._capture(phone, [op])
