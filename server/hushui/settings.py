"""What an operator may set: environment variables that begin with HUSHUI_."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="HUSHUI_", frozen=True, extra="ignore")

    data: Path = Path("data")
    """Folder of the store, the blobs, uploads under way and the server's secret."""
    app: Path = Path(__file__).parents[2] / "pwa" / "dist"
    """Folder of the built app."""
    host: str = "127.0.0.1"
    """0.0.0.0 = every address of this machine: the demo's passwords are in the README."""
    port: int = Field(8000, ge=0, le=65_535)
    public_url: str = ""
    """Address that phones reach, as printed into enrolment codes; empty: as the caller came."""
    phone_port: int = Field(8443, ge=0, le=65_535)
    """https, for `hushui phone`."""
    guide_port: int = Field(8080, ge=0, le=65_535)
    """Plain http: the page by which phones get to trust the other one."""
    backups: Path = Path("backups")
    """Folder that takes a dated folder for each backup; or one file, NAME.tar."""
    proxies: str = ""
    """Addresses of reverse proxies whose X-Forwarded-For is believed, joined by commas."""
    tiles: str = ""
    """Further image sources for the map, as in a Content-Security-Policy; empty: none."""
    demo: bool = True
    """Load the demo organisations into an empty store."""

    attempts_window_s: int = Field(600, ge=1)
    attempts_address: int = Field(10, ge=1)
    """Wrong codes and passwords of one address inside the window (N03)."""
    attempts_org: int = Field(200, ge=1)
    """The same of one organisation; a code nobody made counts for the whole server."""
    session_hours: int = Field(24, ge=1)
    live_ping_s: float = Field(15, gt=0)
    live_streams: int = Field(20_000, ge=1)
    shutdown_s: int = Field(3, ge=0)
    """Seconds that requests under way are given when the server stops."""
