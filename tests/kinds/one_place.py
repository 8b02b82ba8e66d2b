"""What the server of a copied tree makes of a kind: run there by test_one_place.py.

``python -m tests.kinds.one_place FOLDER``: reads asked.json there, writes server.json.
"""

import csv
import json
import sys
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

import hushui
from tests.support import ids
from tests.support.phone import op
from tests.web.house import Handset, House, fact


def main(folder: Path) -> None:
    asked = json.loads((folder / "asked.json").read_text(encoding="utf-8"))
    with House(folder) as house:
        told = {"source": hushui.__file__, **answers(house, **asked)}
    (folder / "server.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def answers(
    house: House, kind: str, right: dict[str, Any], wrong: list[dict[str, Any]], filters: list[str]
) -> dict[str, Any]:
    phone, office = house.enrol(house.patroller), house.enrol(house.office)
    record = ids.make("right")
    phone.phone.capture(fact(kind, record, **right))
    for number, values in enumerate(wrong):
        phone.phone.capture(op(kind, ids.make(f"wrong {number}"), **values))
    receipts = phone.push().json()["receipts"]
    return {
        "receipts": [[it["verdict"], it["code"], it["field"]] for it in receipts],
        "fields": office.send("GET", f"/api/records/{record}").json()["body"]["fields"],
        "filtered": {pair: found(office, kind, pair) == [record] for pair in filters},
        "xlsx": sheet(office, kind),
        "csv": lines(office, kind),
    }


def found(office: Handset, kind: str, pair: str) -> list[str]:
    answer = office.send("GET", "/api/records", params={"kind": kind, "where": pair})
    return [it["record"] for it in answer.json()["records"]]


def sheet(office: Handset, kind: str) -> dict[str, Any]:
    answer = office.send("GET", f"/api/exports/{kind}.xlsx")
    header, row = load_workbook(BytesIO(answer.content)).worksheets[0].values
    return {str(name): plain(value) for name, value in zip(header, row, strict=True)}


def plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | None) else str(value)


def lines(office: Handset, kind: str) -> dict[str, str]:
    answer = office.send("GET", f"/api/exports/{kind}.csv")
    (row,) = csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline=""))
    return row


if __name__ == "__main__":
    main(Path(sys.argv[1]))
