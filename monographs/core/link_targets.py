"""The one rule for addresses of links, whichever way they come in: paste, files, forms, the API.

What an address is decides what becomes of it: an editor's paste and the import keep it, change it or keep
only its words; a house rule refuses what was typed by hand.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from django.conf import settings

from monographs.core.admin_path import ADMIN_PATH
from monographs.core.redirects import is_redirect, redirect_target


class LinkKind(StrEnum):
    """What the address of a link is."""

    WEB = "web"
    MAIL = "mail"
    PHONE = "phone"
    OWN_PAGE = "own page"
    ADMIN = "admin"
    LOCAL = "local"
    REDIRECT = "redirect"
    RELATIVE = "relative"
    SCHEME = "scheme"
    BROKEN = "broken"


#: Kinds that a text may hold.
KEPT = frozenset({LinkKind.WEB, LinkKind.MAIL, LinkKind.PHONE, LinkKind.OWN_PAGE})


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Where a link leads. ``address`` is the address to keep ("" for none); ``path`` that of an own page.

    ``change`` says in a sentence why ``address`` is not what was given, or why there is none; ``redirected``:
    it is the address to which the given one only leads.
    """

    kind: LinkKind
    address: str = ""
    path: str = ""
    change: str = ""
    redirected: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether a text may hold the link."""
        return self.kind in KEPT


#: Browsers leave these out of an address.
_IGNORED = re.compile(r"[\x00-\x20\x7f]+$|^[\x00-\x20\x7f]+|[\t\n\r\x00]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?!\d+(?:/|$))")
_HOST = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?\.[^\W\d_][\w-]+|\[[0-9a-f:.]+\]|\d+(?:\.\d+){3}", re.IGNORECASE)
_LOCAL_HOST = re.compile(
    r"localhost|.*\.(?:localhost|local|internal|lan)|127\.[\d.]+|0\.0\.0\.0|10\.[\d.]+|192\.168\.[\d.]+|"
    r"172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|169\.254\.[\d.]+|::1"
)
_PAGE_PATH = re.compile(r"/(?:medicines|classes|conditions|about)/[\w-]+/?")
_TRACKING = re.compile(
    r"utm_\w+|gclid|gclsrc|dclid|fbclid|msclkid|mc_[ce]id|yclid|igshid|_hs(?:enc|mi)|srsltid|ved|_ga|_gl",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[^\s@?]+@[^\s@?]+\.[^\s@?]+(?:\?\S*)?")
_PHONE = re.compile(r"\+?[\d(][\d(). /\u00a0\u2010\u2011\u2013-]+(?:;[a-z-]+=[\w.+-]+)*", re.IGNORECASE)
#: Redirects that lead to redirects.
_MAX_STEPS = 5


def own_hosts() -> frozenset[str]:
    """Return the names under which this site can be reached."""
    addresses = (getattr(settings, name, "") for name in ("BASE_URL", "WAGTAILADMIN_BASE_URL"))
    named = {urlsplit(address).hostname or "" for address in addresses if address}
    allowed = {host.strip(".[]").lower() for host in settings.ALLOWED_HOSTS if host != "*"}
    return frozenset((named | allowed) - {""})


def link_target(address: str) -> LinkTarget:
    """Return what the address of a link is, and what to keep of it. Never raises."""
    address = _IGNORED.sub("", _IGNORED.sub("", address))
    if address.startswith("//"):
        address = f"https:{address}"
    scheme = _SCHEME.match(address)
    if scheme is None:
        return _relative(address)
    name = scheme[1].lower()
    rest = address[scheme.end() :]
    if name == "mailto":
        return _mail(rest)
    if name == "tel":
        return _phone(rest)
    if name not in {"http", "https"}:
        return LinkTarget(LinkKind.SCHEME, change=f"Readers cannot open “{name}:” addresses.")
    return _web(f"{name}:{rest}", steps=_MAX_STEPS)


def _relative(address: str) -> LinkTarget:
    if address.startswith(ADMIN_PATH):
        return _ADMIN
    return LinkTarget(
        LinkKind.RELATIVE, change=f"“{address}” is only a part of an address: it leads nowhere from here."
    )


_ADMIN = LinkTarget(LinkKind.ADMIN, change="The address is one of the admin, where readers cannot sign in.")


def _mail(rest: str) -> LinkTarget:
    plain = unquote(rest.partition("?")[0]).strip()
    query = f"?{rest.partition('?')[2]}" if "?" in rest else ""
    if not _MAIL.fullmatch(plain):
        return LinkTarget(LinkKind.BROKEN, change=f"“mailto:{rest}” is no email address.")
    kept = f"mailto:{plain}{query.replace(' ', '%20')}"
    return LinkTarget(LinkKind.MAIL, kept)


def _phone(rest: str) -> LinkTarget:
    plain = unquote(rest).strip().removeprefix("//")
    if not _PHONE.fullmatch(plain):
        return LinkTarget(LinkKind.BROKEN, change=f"“tel:{rest}” is no phone number.")
    number, semicolon, more = plain.partition(";")
    return LinkTarget(LinkKind.PHONE, f"tel:{re.sub(r'[^0-9+]', '', number)}{semicolon}{more}")


def _web(address: str, *, steps: int) -> LinkTarget:
    parts = _split(address)
    if parts is None:
        return LinkTarget(LinkKind.BROKEN, change=f"“{address}” is not a complete web address.")
    host = (parts.hostname or "").lower()
    if host in own_hosts():
        return _own(address, parts)
    if _LOCAL_HOST.fullmatch(host):
        return LinkTarget(LinkKind.LOCAL, change=f"“{host}” can be reached from your own network only.")
    if is_redirect(address):
        return _redirected(address, host, steps)
    plain = _without_tracking(parts)
    if plain is None:
        return LinkTarget(LinkKind.WEB, urlunsplit(parts))
    return LinkTarget(
        LinkKind.WEB, plain, change=f"Tracking was removed from the address, which now is {plain}."
    )


def _split(address: str) -> SplitResult | None:
    """Return the parts of a web address that can be opened; None for others.

    A name before the host hides where a link leads, so it is none.
    """
    address = re.sub(r"^(https?):[\\/]*", r"\1://", address)
    try:
        parts = urlsplit(address.replace(" ", "%20"))
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return None
    known = host in own_hosts() or host == "localhost" or bool(_HOST.fullmatch(host)) or ":" in host
    return parts if known and parts.username is None else None


def _own(address: str, parts: SplitResult) -> LinkTarget:
    path = _normal_path(parts.path)
    if (path + "/").startswith(ADMIN_PATH):
        return _ADMIN
    if _PAGE_PATH.fullmatch(path):
        return LinkTarget(LinkKind.OWN_PAGE, address, path=f"{path.rstrip('/')}/")
    return LinkTarget(LinkKind.WEB, urlunsplit(parts))


def _normal_path(path: str) -> str:
    """Return a path as a server reads it: “//admin” and “/x/../admin/” are “/admin/”."""
    steps: list[str] = []
    for step in unquote(path).replace("\\", "/").split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in {"", "."}:
            steps.append(step)
    return "/" + "/".join(steps)


def _redirected(address: str, host: str, steps: int) -> LinkTarget:
    target = redirect_target(address)
    if not target or not steps:
        return LinkTarget(
            LinkKind.REDIRECT, change=f"{host} only leads on to another address, and does not say which."
        )
    found = _web(target, steps=steps - 1)
    if not found.is_kept:
        return LinkTarget(
            LinkKind.REDIRECT, change=f"{host} only leads on to another address. {found.change}"
        )
    return LinkTarget(
        found.kind,
        found.address,
        path=found.path,
        change=f"{host} only leads on, so the link now has the address itself: {found.address}.",
        redirected=True,
    )


def _without_tracking(parts: SplitResult) -> str | None:
    """Return the address without parameters that only count visits; None if it has none."""
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    if len(kept) == len(pairs):
        return None
    return urlunsplit(parts._replace(query=urlencode(kept, quote_via=quote)))
