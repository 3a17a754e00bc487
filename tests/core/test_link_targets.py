"""The one rule for addresses of links."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monographs.core.link_targets import LinkKind, link_target

LABEL = "https://example.org/label?b=1"
BING = base64.urlsafe_b64encode(LABEL.encode()).decode().rstrip("=")
QUOTED = "https%3A%2F%2Fexample.org%2Flabel%3Fb%3D1"
TWICE = QUOTED.replace("%", "%25")


@pytest.fixture(autouse=True)
def hosts(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["medicines.example.com", ".example.net"]
    settings.BASE_URL = settings.WAGTAILADMIN_BASE_URL = "https://medicines.example.com"


@pytest.mark.parametrize(
    "address",
    [
        "/admin/pages/3/edit/",
        "https://medicines.example.com/admin/",
        "HTTPS://Medicines.Example.com/admin",
        "https://medicines.example.com:8443/admin/pages/",
        "//medicines.example.com/admin/",
        "https://medicines.example.com//admin/x",
        "https://medicines.example.com/x/../admin/",
        "https://medicines.example.com/%61dmin/",
        "http://example.net/admin/login/?next=/",
    ],
)
def test_the_admin_is_refused(address: str) -> None:
    assert link_target(address).kind is LinkKind.ADMIN
    assert not link_target(address).is_kept


@pytest.mark.parametrize(
    "address",
    [
        f"https://www.google.com/url?q={QUOTED}&sa=D",
        f"https://www.google.co.uk/url?sa=t&url={QUOTED}&usg=x",
        f"https://www.bing.com/ck/a?!&&p=1&u=a1{BING}&ntb=1",
        f"https://duckduckgo.com/l/?uddg={QUOTED}&rut=1",
        f"https://r.search.yahoo.com/_ylt=A/RV=2/RU={QUOTED}/RK=2/RS=x",
        f"https://eur01.safelinks.protection.outlook.com/?url={QUOTED}&data=05",
        "https://urldefense.com/v3/__https://example.org/label?b=1__;!!Abc!x$",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__example.org_label-3Fb-3D1&d=x",
        f"https://l.facebook.com/l.php?u={QUOTED}&h=AT",
        f"https://www.linkedin.com/redir/redirect?url={QUOTED}",
        f"https://www.youtube.com/redirect?q={QUOTED}",
        f"https://www.google.com/url?q=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3D{TWICE}",
    ],
)
def test_a_redirect_becomes_the_address_itself(address: str) -> None:
    target = link_target(address)
    assert (target.kind, target.address) == (LinkKind.WEB, LABEL)
    assert LABEL in target.change


@pytest.mark.parametrize(
    "address",
    [
        "https://t.co/abc",
        "https://bit.ly/3x",
        "https://www.google.com/url?sa=t",
        "https://www.baidu.com/link?url=opaque",
        "https://www.bing.com/ck/a?u=a1!!!!",
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?q=https://medicines.example.com/admin/",
        "https://www.google.com/url?q=http://192.168.0.1/x",
    ],
)
def test_a_redirect_that_leads_nowhere_is_refused(address: str) -> None:
    target = link_target(address)
    assert not target.is_kept
    assert not target.address
    assert target.change.endswith(".")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("tel:+1 (800) 332-1088", "tel:+18003321088"),
        ("tel:1-800-332-1088", "tel:18003321088"),
        ("TEL:+1%20800%20332%201088", "tel:+18003321088"),
        ("tel:+1-800-332-1088;ext=5", "tel:+18003321088;ext=5"),
        ("mailto:care@example.org", "mailto:care@example.org"),
        ("mailto: care%40example.org?subject=A b", "mailto:care@example.org?subject=A%20b"),
        ("https://example.org/a?b=1#c", "https://example.org/a?b=1#c"),
        ("//example.org/a", "https://example.org/a"),
        (" https://exa\tmple.org/a\n", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&b=%20y&fbclid=1", "https://example.org/a?b=%20y"),
        ("https://www.facebook.com/FDA/", "https://www.facebook.com/FDA/"),
        ("https://www.bing.com/search?q=imatinib", "https://www.bing.com/search?q=imatinib"),
        ("https://exämple.org/ü", "https://exämple.org/ü"),
    ],
)
def test_what_readers_can_open_is_kept(address: str, kept: str) -> None:
    assert link_target(address).is_kept
    assert link_target(address).address == kept


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("javascript:alert(1)", LinkKind.SCHEME),
        ("java\nscript:alert(1)", LinkKind.SCHEME),
        ("data:text/html,x", LinkKind.SCHEME),
        ("file:///C:/x", LinkKind.SCHEME),
        ("about:blank", LinkKind.SCHEME),
        ("cid:image001", LinkKind.SCHEME),
        ("#top", LinkKind.RELATIVE),
        ("dose.html", LinkKind.RELATIVE),
        ("", LinkKind.RELATIVE),
        ("mailto:nobody", LinkKind.BROKEN),
        ("tel:1-800-FDA-1088", LinkKind.BROKEN),
        ("https://", LinkKind.BROKEN),
        ("https://label", LinkKind.BROKEN),
        ("https://fda.gov@example.org/", LinkKind.BROKEN),
        ("http://127.0.0.1:8000/x", LinkKind.LOCAL),
        ("http://intranet.local/", LinkKind.LOCAL),
    ],
)
def test_what_readers_cannot_open_is_refused(address: str, kind: LinkKind) -> None:
    assert link_target(address).kind is kind
    assert not link_target(address).is_kept


@pytest.mark.parametrize(
    "path", ["/medicines/imatinib/", "/classes/x/", "/conditions/aml", "/about/how-we-write/"]
)
def test_a_page_of_ours_is_known_by_its_path(path: str) -> None:
    target = link_target(f"https://medicines.example.com{path}?utm_source=mail#dose")
    assert (target.kind, target.path) == (LinkKind.OWN_PAGE, f"{path.rstrip('/')}/")


@given(
    st.text(max_size=80) | st.text(alphabet="htps:/?#@[]%.&=uq\\ 0gol", max_size=60).map("http://".__add__)
)
def test_no_address_makes_the_rule_fail_and_what_is_kept_stays(address: str) -> None:
    target = link_target(address)
    if target.is_kept:
        assert link_target(target.address).address == target.address
