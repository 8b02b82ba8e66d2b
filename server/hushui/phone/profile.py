"""The authority as an iPhone installs it: a configuration profile."""

import plistlib
from uuid import NAMESPACE_OID, uuid5

from hushui.phone.authority import Authority

IDENTIFIER = "hushui.authority"


def profile(authority: Authority, host: str) -> bytes:
    """The same for the same authority, so that a second installation replaces the first."""
    mark = authority.fingerprint
    certificate = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{IDENTIFIER}.{host}.root",
        "PayloadUUID": str(uuid5(NAMESPACE_OID, f"{mark} root")).upper(),
        "PayloadDisplayName": f"护水 {host}",
        "PayloadDescription": "只用来认出单位内网里的护水服务器。",
        "PayloadCertificateFileName": "hushui-ca.cer",
        "PayloadContent": authority.der,
    }
    whole = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{IDENTIFIER}.{host}",
        "PayloadUUID": str(uuid5(NAMESPACE_OID, mark)).upper(),
        "PayloadDisplayName": f"护水证书 {host}",
        "PayloadDescription": "装上以后，手机才认得单位内网里的护水服务器。"
        "只对内网地址有效，随时可以删除。",
        "PayloadOrganization": "护水 Hushui",
        "PayloadContent": [certificate],
    }
    return plistlib.dumps(whole)
