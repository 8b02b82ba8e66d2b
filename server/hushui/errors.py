"""One tree of operating failures. Each has a stable code, a status, and words in two languages:
the fact first, then what is safe, then the next step."""

from typing import Any, ClassVar, Literal, NamedTuple

import hushui_sync.errors

Language = Literal["zh", "en"]


class Words(NamedTuple):
    zh: str
    en: str


class HushuiError(Exception):
    """``reason`` is for the log only; ``params`` fill the braces of words and headers."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[Words] = Words("单位这边出错了", "The server made a mistake")
    detail: ClassVar[Words] = Words(
        "单位这边出错了，已记下。本机的记录都在。过一会儿再试。",
        "The server made a mistake and noted it. What you saved is safe. Try again later.",
    )

    headers: ClassVar[dict[str, str]] = {}

    def __init__(self, reason: str = "", **params: Any) -> None:
        super().__init__(reason or self.code)
        self.params = params

    def headers_now(self) -> dict[str, str]:
        return {name: value.format_map(self.params) for name, value in self.headers.items()}

    def title_in(self, language: Language) -> str:
        text: str = getattr(self.title, language)
        return text

    def detail_in(self, language: Language) -> str:
        text: str = getattr(self.detail, language)
        return text.format_map(self.params)


# the machine's fault (P07) -----------------------------------------------------------------------
class StoreFailure(HushuiError, hushui_sync.errors.StoreFailure):
    status = 503
    code = "store_failed"
    title = Words("单位这会儿存不下", "The server cannot store now")
    detail = Words(
        "单位的存储这会儿写不进去，什么都没收下。本机的记录都在，过一会儿自动再传。",
        "The server's store cannot write now; nothing was taken. "
        "What you saved is safe and will be sent again.",
    )
    headers: ClassVar[dict[str, str]] = {"Retry-After": "5"}


class StoreFull(StoreFailure):
    title = Words("单位的磁盘满了", "The server's disk is full")
    detail = Words(
        "单位的磁盘满了，什么都没收下。本机的记录都在，腾出空间后自动再传。",
        "The server's disk is full; nothing was taken. "
        "What you saved is safe and will be sent again.",
    )


class StoreBusy(StoreFailure):
    code = "busy"
    title = Words("单位这会儿忙", "The server is busy")
    detail = Words(
        "单位这会儿忙，什么都没收下。本机的记录都在，过一会儿自动再传。",
        "The server is busy; nothing was taken. What you saved is safe and will be sent again.",
    )


class StoreBroken(StoreFailure):
    title = Words("单位的存储坏了", "The server's store is broken")
    detail = Words(
        "单位的存储读写出错，什么都没收下。本机的记录都在。告诉值班室，修好后自动再传。",
        "The server's store cannot be read or written; nothing was taken. "
        "What you saved is safe. Tell the duty room.",
    )


class StoreNewer(StoreFailure):
    title = Words("数据是新版护水写的", "A newer version wrote the data")
    detail = Words(
        "单位的数据是新版护水写的，这一版读不了。本机的记录都在。告诉值班室，装好新版后自动再传。",
        "A newer version of the server wrote its data. What you saved is safe. Tell the duty room.",
    )


# who is calling ----------------------------------------------------------------------------------
class Unauthenticated(HushuiError):
    status = 401
    code = "unauthenticated"
    title = Words("没有登录", "Not signed in")
    detail = Words(
        "登录信息没有或对不上。本机的记录都在，一条没删。重新登录，或用加入码重新登记。",
        "The sign-in is missing or does not match. Nothing on this device was deleted. "
        "Sign in again, or enrol with a code.",
    )
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": "Bearer"}


class UnknownDevice(Unauthenticated):
    code = "unknown_device"
    title = Words("单位不认识这部设备", "Unknown device")
    detail = Words(
        "单位不认识这部设备。本机的记录都在，一条没删。向值班室要一个加入码，登记后接着传。",
        "The server does not know this device. Nothing on it was deleted. "
        "Ask the duty room for a code, enrol, and sending goes on.",
    )


class WrongPassword(Unauthenticated):
    code = "wrong_password"
    title = Words("单位、登录名或密码不对", "Wrong organisation, login or password")
    detail = Words(
        "单位、登录名或密码不对。什么都没变。核对后再试，忘了就找系统管理员。",
        "Organisation, login or password is wrong. Nothing changed. "
        "Check them, or ask the administrator.",
    )


class PasswordOnce(HushuiError):
    status = 403
    code = "password_once"
    title = Words("先换成自己的密码", "Choose your own password first")
    detail = Words(
        "这个密码是别人给的，只用来换成你自己的。定一个新密码再登录。",
        "Somebody gave you this password; it serves only to choose your own. "
        "Set a new one to sign in.",
    )


class PasswordExpired(HushuiError):
    status = 403
    code = "password_expired"
    title = Words("一次性密码过期了", "This password has expired")
    detail = Words(
        "别人给的这个密码 7 天没有用，已经失效。请管理员重新给一个。",
        "Nobody used this password for 7 days after it was given out. "
        "Ask the administrator for a new one.",
    )


class PasswordWeak(HushuiError):
    status = 400
    code = "password_weak"
    title = Words("密码太简单", "Password too weak")
    detail = Words(
        "新密码至少 8 位，不能和原来的、登录名、单位简称一样。什么都没变。",
        "A new password has 8 characters at least and is neither the old one nor the login nor "
        "the organisation's short name. Nothing changed.",
    )


class LoginTaken(HushuiError):
    status = 409
    code = "login_taken"
    title = Words("登录名已有人用", "Login is taken")
    detail = Words(
        "这个登录名已有人用。什么都没变。换一个登录名。",
        "Somebody has this login already. Nothing changed. Choose another.",
    )


class HasAccount(HushuiError):
    status = 409
    code = "has_account"
    title = Words("已有登录名", "Has a sign-in already")
    detail = Words(
        "这个人已有登录名。什么都没变。忘了密码就重设。",
        "This person has a sign-in already. Nothing changed. Reset the password if it is lost.",
    )


class NotYourDevice(HushuiError):
    status = 403
    code = "not_your_device"
    title = Words("不是这部设备", "Not your device")
    detail = Words(
        "登录信息属于另一部设备，什么都没收下。本机的记录都在。用本机自己的登录再传。",
        "The sign-in belongs to another device; nothing was taken. "
        "What you saved is safe. Send with this device's own sign-in.",
    )


class DeviceRevoked(HushuiError):
    status = 403
    code = "device_revoked"
    title = Words("这部设备已停用", "This device was revoked")
    detail = Words(
        "这部设备已被单位停用，看不到新内容。没传的记录照样收，等单位处理。要恢复找值班室。",
        "The organisation revoked this device: it sees nothing new. "
        "What it has not sent is still taken and kept for review. Ask the duty room.",
    )


class DeviceTaken(HushuiError):
    status = 409
    code = "device_taken"
    title = Words("设备号已有主", "Device id is taken")
    detail = Words(
        "这个设备号已登记给别的人或别的钥匙，加入码没有用掉。换一个新的设备号再登记。",
        "This device id already belongs to another person or key; the code was not used up. "
        "Enrol with a new device id.",
    )


class Forbidden(HushuiError):
    status = 403
    code = "forbidden"
    title = Words("没有这个权限", "Not allowed")
    detail = Words(
        "这一步不在你的权限里，什么都没变。要办就找值班员或系统管理员。",
        "You may not do this; nothing changed. Ask the duty officer or the administrator.",
    )


class CrossOrigin(Forbidden):
    code = "cross_origin"
    title = Words("不是从本站发来的", "Not sent from this site")
    detail = Words(
        "这个请求不是从本站页面发来的，没有执行。从护水自己的页面再操作一次。",
        "The request did not come from this site's pages and was not carried out. "
        "Do it again from 护水 itself.",
    )


# what is asked -----------------------------------------------------------------------------------
class NotFound(HushuiError):
    status = 404
    code = "not_found"
    title = Words("没有找到", "Not found")
    detail = Words(
        "这里没有这一项，或者不在你能看的范围。什么都没变。回到列表再找。",
        "There is no such thing here, or you may not see it. Nothing changed. "
        "Look for it in the list.",
    )


class MethodNotAllowed(HushuiError):
    status = 405
    code = "method_not_allowed"
    title = Words("这个地址不这样用", "Method not allowed")
    detail = Words(
        "这个地址不接受这种请求，什么都没变。用法见 /api/schema。",
        "This address does not take such a request; nothing changed. See /api/schema.",
    )


class BadRequest(HushuiError):
    """``field`` names the first culprit, "" the whole."""

    status = 400
    code = "bad_request"
    title = Words("单位没看懂这个请求", "The request cannot be understood")
    detail = Words(
        "单位没看懂这个请求（{field}），什么都没收下。本机的记录都在。更新后再试。",
        "The request cannot be understood ({field}); nothing was taken. "
        "What you saved is safe. Update and try again.",
    )

    def __init__(self, field: str = "") -> None:
        super().__init__(field=field or "body")


class BadFilter(HushuiError):
    """``field`` is the parameter, ``asked`` what it said."""

    status = 400
    code = "bad_request"
    title = Words("没有这样的筛选", "There is no such filter")
    detail = Words(
        "这类记录不能按“{asked}”筛选（{field}）。什么都没变。换一个条件再试。",
        "These records cannot be filtered by “{asked}” ({field}). Nothing changed. "
        "Choose another condition.",
    )


class UnknownExport(HushuiError):
    status = 404
    code = "not_found"
    title = Words("没有这样的导出", "There is no such export")
    detail = Words(
        "没有“{asked}”这样的导出。什么都没变。换一种格式。",
        "There is no export “{asked}”. Nothing changed. Choose another format.",
    )


class UnsupportedMedia(HushuiError):
    status = 415
    code = "unsupported_media"
    title = Words("这种格式不收", "Format not taken")
    detail = Words(
        "这种格式或压缩方式不收，什么都没收下。本机的记录都在。用 {expected} 再传。",
        "This format or compression is not taken; nothing was taken. "
        "What you saved is safe. Send it as {expected}.",
    )


class BodyTooLarge(HushuiError):
    status = 413
    code = "body_too_large"
    title = Words("一次传得太多", "Too much at once")
    detail = Words(
        "一次传得太多，什么都没收下。本机的记录都在。分成几次，少传几条再试。",
        "Too much at once; nothing was taken. What you saved is safe. Send fewer lines.",
    )


class TooManyAttempts(HushuiError):
    status = 429
    code = "too_many_attempts"
    title = Words("试得太多了", "Too many attempts")
    detail = Words(
        "错了太多次，先停一停。什么都没变，本机的记录都在。{minutes} 分钟后再试。",
        "Too many wrong attempts. Nothing changed; what you saved is safe. "
        "Try again in {minutes} minutes.",
    )

    headers: ClassVar[dict[str, str]] = {"Retry-After": "{seconds}"}

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds=seconds, minutes=-(-seconds // 60))


class SheetUnreadable(HushuiError):
    """``why`` in both languages; where one row is wrong, the preview says so instead."""

    status = 400
    code = "sheet_unreadable"
    title = Words("这张表看不懂", "The sheet cannot be read")
    detail = Words(
        "{zh}。什么都没写。用“空表”里的表头再来一次。",
        "{en}. Nothing was written. Begin with the header of the empty sheet.",
    )

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh=zh, en=en)


class NotFounded(HushuiError):
    """``zh`` and ``en`` say why."""

    status = 409
    code = "not_founded"
    title = Words("没有建", "Not made")
    detail = Words("{zh}", "{en}")

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh=zh, en=en)


# enrolment ---------------------------------------------------------------------------------------
class CodeUnknown(HushuiError):
    status = 404
    code = "code_unknown"
    title = Words("没有这个码", "Unknown code")
    detail = Words(
        "没有这个加入码。本机的草稿都在。核对 8 位数字，或请值班室再出一张。",
        "There is no such code. Drafts on this device are safe. "
        "Check the 8 digits, or ask the duty room for another.",
    )


class CodeExpired(HushuiError):
    status = 410
    code = "code_expired"
    title = Words("加入码过期了", "The code expired")
    detail = Words(
        "加入码过期了。本机的草稿都在。请值班室再出一张，24 小时内有效。",
        "The code expired. Drafts on this device are safe. "
        "Ask the duty room for another; it is valid for 24 hours.",
    )


class CodeUsed(HushuiError):
    status = 410
    code = "code_used"
    title = Words("加入码已用过", "The code was used")
    detail = Words(
        "这个加入码已被另一部设备用过。本机的草稿都在。请值班室再出一张。",
        "Another device has used this code. Drafts on this device are safe. "
        "Ask the duty room for another.",
    )


class CodeOfAnother(HushuiError):
    status = 403
    code = "code_of_another"
    title = Words("这个码是给别人的", "A code for somebody else")
    detail = Words(
        "这个加入码是给别人的，没有用掉。本机的记录都在。请值班室给本人出一个。",
        "This code was given for somebody else and was not used up. "
        "What you saved is safe. Ask the duty room for one of your own.",
    )


# blobs -------------------------------------------------------------------------------------------
class BlobNotNamed(HushuiError):
    status = 409
    code = "blob_not_named"
    title = Words("先传文字", "Send the line first")
    detail = Words(
        "单位还没收到写着这张照片的记录。照片还在本机。先传那条记录，再传照片。",
        "No line that the server holds names this file. It is safe on your device. "
        "Send the line first, then the file.",
    )


class WrongOffset(HushuiError):
    status = 409
    code = "wrong_offset"
    title = Words("接不上", "Wrong offset")
    detail = Words(
        "接着传的位置对不上：单位有 {offset} 字节。照片还在本机。从那里接着传。",
        "The upload does not go on there: the server has {offset} bytes. "
        "The file is safe on your device. Go on from there.",
    )

    headers: ClassVar[dict[str, str]] = {"Upload-Offset": "{offset}"}

    def __init__(self, offset: int) -> None:
        super().__init__(offset=offset)


class HashMismatch(HushuiError):
    status = 460
    code = "hash_mismatch"
    title = Words("传坏了", "The hash does not match")
    detail = Words(
        "照片在路上传坏了，没有收下。原件还在本机。从头再传。",
        "The file was damaged on its way and was not taken. It is safe on your device. "
        "Send it again from the beginning.",
    )


class UploadGone(HushuiError):
    status = 410
    code = "upload_gone"
    title = Words("这次上传已过期", "The upload is gone")
    detail = Words(
        "这次上传没有了或已过期。照片还在本机。重新开始上传。",
        "This upload does not exist or expired. The file is safe on your device. "
        "Begin the upload anew.",
    )


class TusVersion(HushuiError):
    status = 412
    code = "tus_version"
    title = Words("上传方式对不上", "Unsupported upload protocol")
    detail = Words(
        "上传方式对不上，照片没有收下，还在本机。单位用的是 tus 1.0.0。",
        "The upload protocol does not match; the file was not taken and is safe on your device. "
        "The server speaks tus 1.0.0.",
    )
