"""The guide by which a phone in the same network gets to trust this server. Served by plain http:
a phone that does not know the certificate yet could not read it otherwise."""

from hushui.web.guide.page import Guide
from hushui.web.guide.routes import create_guide

__all__ = ["Guide", "create_guide"]
