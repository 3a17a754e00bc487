"""Addresses of services that lead on to another address: search engines, mail filters, social networks."""

import base64
import binascii
import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

#: (host, path, names of the parameter with the target); a host stands for its subdomains too.
_BY_PARAMETER: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"google(?:\.com?)?(?:\.[a-z]{2,3})?", r"/(?:url|imgres|aclk)", ("q", "url", "imgrefurl", "adurl")),
    (r"(?:googleadservices\.com|doubleclick\.net)", r"/.*", ("adurl",)),
    (r"duckduckgo\.com", r"/[ly](?:/|\.js)?", ("uddg", "u3")),
    (r"safelinks\.protection\.(?:outlook|office365)\.(?:com|us|cn)", r"/.*", ("url",)),
    (r"statics\.teams\.cdn\.office\.net", r"/evergreen-assets/safelinks/.*", ("url",)),
    (r"(?:facebook|instagram)\.com", r"/(?:l\.php|flx/warn/)?", ("u",)),
    (r"linkedin\.com", r"/(?:redir/redirect|safety/go).*", ("url",)),
    (r"youtube\.com", r"/redirect", ("q",)),
    (r"(?:out\.reddit\.com|slack-redir\.net|away\.vk\.com|vk\.com|exit\.sc)", r"/(?:link|away\.php)?",
     ("url", "to")),
    (r"t\.umblr\.com", r"/redirect", ("z",)),
    (r"linkprotect\.cudasvc\.com", r"/url", ("a",)),
    (r"clicktime\.(?:symantec|cloud\.postoffice)\.(?:com|net)", r"/.*", ("u",)),
    (r"(?:translate\.google\.com|ecosia\.org|qwant\.com|startpage\.com|yandex\.(?:com|ru)|bing\.com)",
     r"/(?:translate|redirect|clck/jsredir|link|aclick|do/dsearch)", ("u", "url")),
    (r"sogou\.com", r"/link", ()),
    (r"baidu\.com", r"/link", ()),
)  # fmt: skip
#: Services whose addresses do not say where they lead.
_OPAQUE = re.compile(
    r"(?:^|\.)(?:t\.co|bit\.ly|goo\.gl|tinyurl\.com|ow\.ly|lnkd\.in|buff\.ly|is\.gd|t\.ly|rebrand\.ly|fb\.me|"
    r"mimecast(?:protect)?\.com|email\.mg\.[\w.-]+|list-manage\.com|ct\.sendgrid\.net)$"
)
_DEFENCE_3 = re.compile(r"/v3/__(.+?)__;([^!]*)")
_YAHOO = re.compile(r"/RU=([^/]+)/")
_AMP = re.compile(r"/amp/(s/)?(.+)")


def is_redirect(address: str) -> bool:
    """Whether ``address`` belongs to a service that leads on to another one."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    return (
        bool(_OPAQUE.search(host)) or _rule(host, parts.path) is not None or _special(host, parts) is not None
    )


def redirect_target(address: str) -> str:
    """Return where a redirect leads, as far as its address says; empty if it does not."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    special = _special(host, parts)
    if special is not None:
        return _web(special(parts))
    query = parse_qs(parts.query)
    names = _rule(host, parts.path) or ()
    return next((found for name in names if (found := _web(query.get(name, [""])[0]))), "")


def _rule(host: str, path: str) -> tuple[str, ...] | None:
    for pattern, paths, names in _BY_PARAMETER:
        if re.search(rf"(?:^|\.){pattern}$", host) and re.fullmatch(paths, path):
            # The pages of a social network itself have no such path, and "/" only on its host for links
            if (
                path in {"", "/"}
                and re.search(r"(?:facebook|instagram)\.com$", host)
                and host[:2] not in {"l.", "lm"}
            ):
                return None
            return names
    return None


def _special(host: str, parts: SplitResult) -> Callable[[SplitResult], str] | None:
    """Return the function that reads the addresses of a service with a form of its own."""
    if re.search(r"(?:^|\.)bing\.com$", host) and parts.path.startswith("/ck/"):
        return _bing
    if re.search(r"(?:^|\.)urldefense(?:\.proofpoint)?\.(?:com|us)$", host):
        return _defence
    if host.endswith("r.search.yahoo.com"):
        return lambda parts: unquote(found[1]) if (found := _YAHOO.search(parts.path)) else ""
    if re.search(r"(?:^|\.)google\.[a-z.]+$", host) and _AMP.fullmatch(parts.path):
        return _amp
    if host.endswith("secure-web.cisco.com"):
        return lambda parts: unquote(parts.path.rpartition("/")[2])
    return None


def _bing(parts: SplitResult) -> str:
    code = parse_qs(parts.query).get("u", [""])[0].removeprefix("a1")
    try:
        return base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _defence(parts: SplitResult) -> str:
    """Read Proofpoint's forms; the third takes characters out of the address and adds them in Base64."""
    whole = parts.path + (f"?{parts.query}" if parts.query else "")
    third = _DEFENCE_3.match(whole)
    if third:
        # An asterisk stands for a character that was taken out
        return "" if "*" in third[1] else re.sub(r"^(https?):/(?!/)", r"\1://", third[1])
    code = parse_qs(parts.query).get("u", [""])[0]
    if parts.path.startswith("/v2/"):
        code = re.sub(r"-([0-9A-F]{2})", r"%\1", code).replace("_", "/")
    return unquote(code)


def _amp(parts: SplitResult) -> str:
    match = _AMP.fullmatch(parts.path)
    return f"http{'s' if match[1] else ''}://{match[2]}" if match else ""


def _web(address: str) -> str:
    """Return ``address`` if it is a web address."""
    return address if re.match(r"https?://[^\s/]+\.[^\s]+", address, re.IGNORECASE) else ""
