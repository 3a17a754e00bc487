"""The link that ticks all boxes of a list, or none."""

from bs4 import BeautifulSoup


def tick_link(html: str) -> tuple[str, str]:
    """Return where the link leads without a script, and its words."""
    link = BeautifulSoup(html, "html.parser").select_one("a[data-tick]")
    assert link is not None
    return str(link["href"]), link.get_text()
