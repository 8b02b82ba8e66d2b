"""What the guide says, step by step, in both languages."""

from typing import Final, Literal

from msgspec import Struct

from hushui.errors import Words

Target = Literal["profile", "certificate", "site"]


class Step(Struct, frozen=True):
    """``drawing`` names a function of `drawings`; ``target`` is what its button opens."""

    do: Words
    drawing: str
    hints: tuple[Words, ...] = ()
    target: Target | None = None
    button: Words | None = None


class Way(Struct, frozen=True):
    id: str
    name: Words
    steps: tuple[Step, ...]


TITLE: Final = Words("手机装护水", "Put Hushui on a phone")
INTRO: Final = Words(
    "手机和服务器连同一个 Wi-Fi。先装证书，再装应用，最后输加入码。每部手机做一次。",
    "Join the same Wi-Fi as the server. Install the certificate, then the app, then type the code. "
    "Once for each phone.",
)
WECHAT: Final = Words(
    "用微信扫开的，先点右上角 ···，选“在浏览器打开”。",
    "Opened by WeChat? Tap ··· at the top right and choose the browser first.",
)
SCAN: Final = Words("拿手机扫", "Scan with a phone")
SCAN_GUIDE: Final = Words("第一码：这一页", "First: this page")
SCAN_SITE: Final = Words("第二码：应用，装好证书再扫", "Second: the app, after the certificate")
CHECK: Final = Words("核对证书", "Check the certificate")
CHECK_BODY: Final = Words(
    "安装时手机会显示指纹（SHA-256）。和下面的、和服务器屏幕上的一样，才装。",
    "While installing, the phone shows a fingerprint (SHA-256). Go on only if it is this one, and "
    "the one on the server's screen.",
)
SCOPE: Final = Words(
    "这张证书只对内网地址有效，管不到别的网站。",
    "This certificate is good for local addresses only, and for no other site.",
)
REMOVE: Final = Words("不用了怎么删", "To remove it")
REMOVE_BODY: Final = Words(
    "iPhone：设置 → 通用 → VPN 与设备管理。安卓：设置 → 安全 → 加密与凭据 → 用户凭据。"
    "先看“我的”里没有未传的记录，再删应用。",
    "iPhone: Settings → General → VPN & Device Management. Android: Settings → Security → "
    "Encryption & credentials → User credentials. Remove the app only when nothing is unsent.",
)
OPEN_APP: Final = Words("打开应用", "Open the app")
CODE_STEP: Final = Words(
    "从主屏幕的图标打开护水，在里面输 8 位加入码",
    "Open Hushui by its icon and type the 8-digit code inside",
)
CODE_HINT: Final = Words(
    "加入码向值班室要，24 小时内有效，用一次。",
    "Ask the duty room for the code. It is good for 24 hours and for one phone.",
)

IPHONE: Final = Way(
    "iphone",
    Words("iPhone", "iPhone"),
    (
        Step(
            Words("用 Safari 下载描述文件，点“允许”", "In Safari, download the profile; tap Allow"),
            "allow",
            target="profile",
            button=Words("下载描述文件", "Download the profile"),
        ),
        Step(
            Words(
                "设置 → 已下载描述文件 → 安装",
                "Settings → Profile Downloaded → Install",
            ),
            "downloaded",
            (
                Words(
                    "没看到这一行：设置 → 通用 → VPN 与设备管理。",
                    "Not there? Settings → General → VPN & Device Management.",
                ),
            ),
        ),
        Step(
            Words(
                "设置 → 通用 → 关于本机 → 证书信任设置，把“护水”打开",
                "Settings → General → About → Certificate Trust Settings: switch it on",
            ),
            "trust",
            (
                Words(
                    "这一步漏了，Safari 会说连接不是私密连接。",
                    "Without this step Safari says that the connection is not private.",
                ),
            ),
        ),
        Step(
            Words(
                "用 Safari 打开应用，点分享，选“添加到主屏幕”",
                "Open the app in Safari, tap Share, choose Add to Home Screen",
            ),
            "home_screen",
            (
                Words(
                    "先别在 Safari 里登记：主屏幕上的护水和 Safari 各存各的。",
                    "Do not enrol in Safari: the app on the home screen keeps its own records.",
                ),
            ),
            target="site",
            button=OPEN_APP,
        ),
        Step(CODE_STEP, "code", (CODE_HINT,)),
    ),
)
ANDROID: Final = Way(
    "android",
    Words("安卓", "Android"),
    (
        Step(
            Words("下载证书文件", "Download the certificate"),
            "download",
            (
                Words(
                    "提示“无法安全下载”，点“保留”。",
                    "If it says that the file cannot be downloaded securely, tap Keep.",
                ),
            ),
            target="certificate",
            button=Words("下载证书", "Download the certificate"),
        ),
        Step(
            Words(
                "设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书，选刚下载的文件",
                "Settings → Security → Encryption & credentials → Install a certificate → "
                "CA certificate; choose the file",
            ),
            "credentials",
            (
                Words(
                    "各品牌叫法不同：在设置里搜“证书”。没设锁屏密码的，手机会先让设一个。",
                    "Names differ by brand: search Settings for certificate. "
                    "A screen lock is needed first.",
                ),
            ),
        ),
        Step(
            Words(
                "用 Chrome 或 Edge 打开应用，点 ⋮，选“安装应用”",
                "Open the app in Chrome or Edge, tap ⋮, choose Install app",
            ),
            "install",
            (
                Words(
                    "没有“安装应用”，选“添加到主屏幕”。",
                    "No Install app there? Choose Add to Home screen.",
                ),
            ),
            target="site",
            button=OPEN_APP,
        ),
        Step(CODE_STEP, "code", (CODE_HINT,)),
    ),
)
WAYS: Final = (IPHONE, ANDROID)
