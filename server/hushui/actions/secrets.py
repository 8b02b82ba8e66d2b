"""Tokens, codes and the server's secret. Only hashes of tokens are stored."""

import hmac
import os
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

from hushui.ports import Ports

SECRET_BYTES: Final = 32
CODE_DIGITS: Final = 8
LEGIBLE: Final = "23456789abcdefghjkmnpqrstuvwxyz"


def open_secret(folder: Path, ports: Ports) -> bytes:
    """The server's secret: made once, readable by its owner only."""
    path = folder / "secret"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    folder.mkdir(parents=True, exist_ok=True)
    secret = ports.random(SECRET_BYTES)
    new = folder / "secret.new"
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)
    return secret


def device_token(secret: bytes, device: str, code: str) -> str:
    """The same device presenting the same code gets the same token again (N01)."""
    return text(hmac.digest(secret, f"{device} {code}".encode(), "sha256"))


def new_token(ports: Ports) -> str:
    return text(ports.random(32))


def token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def new_code(ports: Ports) -> str:
    """8 digits. 64 random bits leave no digit noticeably likelier than another."""
    return str(int.from_bytes(ports.random(8), "big") % 10**CODE_DIGITS).zfill(CODE_DIGITS)


def one_time_password(ports: Ports) -> str:
    """12 signs that nobody takes for one another, in fours: 59 bits."""
    number = int.from_bytes(ports.random(16), "big")
    signs = ""
    for _ in range(12):
        number, sign = divmod(number, len(LEGIBLE))
        signs += LEGIBLE[sign]
    return "-".join(signs[at : at + 4] for at in range(0, 12, 4))


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
