"""A crawler that follows the links of a site and finds its POST forms, as a browser shows them."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import Resolver404, ResolverMatch, resolve
from lxml import etree, html

from tests.factories import PASSWORD
from tests.label_watch.label_service import label_xml

TOKEN = "csrfmiddlewaretoken"
_DIGITS = re.compile(r"\d+")
REDIRECTS = (301, 302, 303)
#: Fetch Metadata of a form that was sent from a page of this site.
_SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
#: How many pages of one route are requested, by the start of its view's module: our screens differ by state.
PAGES = {
    "monographs.review.wagtail_integration": 2,
    "monographs.public": 2,
    "monographs": 10,
    "home": 10,
    "wagtail.admin.views.pages.listing": 6,
    "wagtail": 1,
}
STARTS = ["/admin/", "/"]
#: What is chosen in file inputs, by their names.
FILES = {"label_file": ("label.xml", label_xml(9)), "": ("sampleumab.txt", b"How it works\n\nIt works.")}
#: Roles as which a route of Wagtail's is requested, except the lists that lead to pages.
WAGTAIL_ROLES = 2
LISTS = ("wagtail.admin.views.pages.listing", "wagtail.admin.views.home", "wagtail.admin.views.account")
#: Where Wagtail's pages have the addresses of the menu, which its script renders.
_MENU = "//script[@id='wagtail-sidebar-props']/text()"
_ADDRESS = re.compile(r'"(/admin/[^"]*)"')


@dataclass(frozen=True)
class FormKey:
    """What makes forms the same: the route of their action and the names of their fields, without numbers."""

    route: str
    names: frozenset[str]


@dataclass
class FoundForm:
    """A POST form of a page."""

    page: str
    action: str
    route: str
    fields: list[tuple[str, str]]
    files: list[str] = field(default_factory=list)
    needs_token: bool = True
    #: Whether Wagtail's script sends it, with the token in a header instead of a field.
    by_script: bool = False

    @property
    def key(self) -> FormKey:
        """Equal for forms that do the same."""
        names = [name for name, _ in self.fields] + self.files
        return FormKey(self.route, frozenset(_DIGITS.sub("#", name) for name in names) - {TOKEN})

    @property
    def view_name(self) -> str:
        """The name of the route of its action, empty if it leads nowhere."""
        match = route_of(self.action)
        return match.view_name if match else ""

    @property
    def has_token(self) -> bool:
        """Whether the form has what Django's CSRF check asks for."""
        return any(name == TOKEN and value for name, value in self.fields)

    def post(self, client: Client) -> tuple[Any, str]:
        """Submit the form as a browser does; return the page that it leads to, and its address."""
        data: dict[str, Any] = {}
        for name, value in self.fields:
            data.setdefault(name, []).append(value)
        for name in self.files:
            file_name, content = FILES.get(name, FILES[""])
            data[name] = SimpleUploadedFile(file_name, content)
        token = {"X-CSRFToken": client.cookies["csrftoken"].value} if self.by_script else {}
        response: Any = client.post(self.action, data, headers={**_SAME_ORIGIN, **token})
        address = self.action
        while response.status_code in REDIRECTS:
            address = urljoin(address, response.headers["Location"])
            response = client.get(address, headers={"Accept": "text/html"})
        return response, address


@dataclass
class Found:
    """What a crawl of one role found."""

    forms: dict[FormKey, FoundForm] = field(default_factory=dict)
    templates: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    pages: int = 0

    def merge(self, other: "Found") -> None:
        """Add what another crawl found."""
        self.forms |= other.forms
        self.templates |= other.templates
        self.pages += other.pages

    def add(self, response: Any, address: str) -> list[FoundForm]:
        """Add the forms of a response; return those that were not known."""
        document = parse(response)
        if document is None:
            return []
        forms = list(forms_of(document, address))
        new = []
        for form in forms:
            if form.needs_token and not form.has_token:
                self.faults.append(f"{address}: the form to {form.action} has no CSRF token")
            if form.key not in self.forms:
                self.forms[form.key] = form
                new.append(form)
        if forms:
            self.templates |= {template.name for template in response.templates if template.name}
        return new


class Crawler:
    """Follows links as several roles, one after another. Two of them meet Wagtail's own screens."""

    def __init__(self) -> None:
        self.wagtail_pages: Counter[str] = Counter()

    def crawl(self, client: Client, found: Found, *more: str) -> None:
        """Follow links from the start pages and ``more``; add every POST form that is met to ``found``."""
        starts = [*STARTS, *more]
        waiting, seen, per_route = deque(starts), set(starts), Counter[str]()
        while waiting:
            address = waiting.popleft()
            match = route_of(address)
            if match is None or per_route[match.route] >= self._limit(match):
                continue
            response = client.get(address, headers={"Accept": "text/html"})
            found.pages += 1
            if response.status_code in REDIRECTS:
                _wait(response["Location"], address, seen, waiting, first=True)
                continue
            per_route[match.route] += 1
            self.wagtail_pages[match.route] += _module(match).startswith("wagtail")
            found.add(response, address)
            document = parse(response)
            if document is not None:
                menu = _ADDRESS.findall("".join(document.xpath(_MENU)))
                for link in [*menu, *document.xpath("//a/@href")]:
                    _wait(link, address, seen, waiting)

    def _limit(self, match: ResolverMatch) -> int:
        module = _module(match)
        if self.wagtail_pages[match.route] >= WAGTAIL_ROLES and module not in LISTS:
            return 0
        return next((number for start, number in PAGES.items() if module.startswith(start)), 1)


def _module(match: ResolverMatch) -> str:
    return str(getattr(match.func, "view_class", match.func).__module__)


def _wait(link: str, address: str, seen: set[str], waiting: deque[str], *, first: bool = False) -> None:
    parts = urlsplit(urljoin(address, link))
    if parts.scheme not in ("", "http") or parts.netloc not in ("", "testserver"):
        return
    if parts.path in seen:
        return
    seen.add(parts.path)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    (waiting.appendleft if first else waiting.append)(target)


def route_of(address: str) -> ResolverMatch | None:
    """Return the route of an address, None if there is no such page."""
    try:
        return resolve(urlsplit(address).path)
    except Resolver404:
        return None


def parse(response: Any) -> Any:
    """Return the document of a response, None unless it is HTML."""
    if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
        return None
    try:
        return html.document_fromstring(response.content)
    except etree.ParserError:  # an empty body
        return None


def forms_of(document: Any, address: str) -> Iterator[FoundForm]:
    """Yield the POST forms of a page, filled in as far as their own fields require."""
    for element in document.iter("form"):
        if element.method.upper() != "POST":
            continue
        scripted = element.get("data-w-swap-src-value")
        action = urljoin(address, scripted or element.get("action") or address)
        match = route_of(action)
        exempt = match is not None and getattr(match.func, "csrf_exempt", False)
        yield FoundForm(
            page=address,
            action=action,
            route=match.route if match else action,
            fields=list(_fields(element)),
            files=[i.get("name") for i in element.inputs if i.get("type") == "file" and i.get("name")],
            needs_token=not (exempt or scripted),
            by_script=bool(scripted),
        )


def _fields(element: Any) -> Iterator[tuple[str, str]]:
    """Yield the names and values that a browser would send after the required fields were filled in."""
    buttons = element.xpath(".//button[@name] | .//input[@type='submit'][@name]")
    for control in element.xpath(".//input | .//textarea | .//select"):
        name, kind = control.get("name"), (control.get("type") or "").lower()
        if not name or control.get("disabled") is not None or kind in ("file", "submit"):
            continue
        if control.tag == "select":
            yield from ((name, value) for value in _chosen(control))
        elif kind not in ("checkbox", "radio"):
            yield name, _text(control, kind)
        elif control.get("checked") is not None or (kind == "radio" and _is_first_radio(element, control)):
            yield name, control.get("value") or "on"
    for button in buttons[:1]:
        yield button.get("name"), button.get("value") or ""
    for stream in element.xpath(".//*[@data-block]/@id"):  # Wagtail's script makes its fields: here, no block
        yield f"{stream}-count", "0"


def _chosen(select: Any) -> list[str]:
    options = [option for option in select.iter("option") if option.get("value")]
    selected = [option.get("value") for option in options if option.get("selected") is not None]
    return selected or ([options[0].get("value")] if options and select.get("required") is not None else [])


def _is_first_radio(form: Any, control: Any) -> bool:
    radios = form.xpath(".//input[@type='radio'][@name=$name]", name=control.get("name"))
    return all(radio.get("checked") is None for radio in radios) and radios[0] is control


def _text(control: Any, kind: str) -> str:
    value = (control.text or "").strip("\n") if control.tag == "textarea" else control.get("value") or ""
    if value or kind == "hidden":
        return value
    if kind == "password":
        return PASSWORD
    return "Sample words." if control.tag == "textarea" else ""
