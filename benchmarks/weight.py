"""What a reader downloads for a monograph: requests and compressed bytes, beside a stock NHS front end page.

``python -m benchmarks.weight --nhsuk node_modules/nhsuk-frontend [--path /medicines/imatinib/]``. The folder
is an unpacked ``nhsuk-frontend`` from npm (``npm install nhsuk-frontend`` anywhere but here). Both pages
render the same current edition of this machine's own database. Nothing is fetched: the stock page's web
fonts, which it loads from another host, are not counted.
"""

import argparse
import gzip
import re
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # has no hints
from django.template import engines
from django.test import Client

from monographs.document.models import MonographDocument
from monographs.public.queries import fetch_page
from monographs.public.stylesheet import bundled_css

#: What Django compresses pages with, of gzip's 1 to 9; files are compressed once, by brotli at its best.
PAGE_LEVEL = 6
BUDGET = 30_000
ROW = "{:<22}{:>9}{:>9}{:>9}{:>9}{:>9}"
STOCK = Path(__file__).with_name("weight_stock.html")


def page(content: str) -> int:
    """Bytes of a page as it travels."""
    return len(gzip.compress(content.encode(), PAGE_LEVEL))


def file(content: bytes) -> int:
    """Bytes of a file that was compressed beforehand."""
    return len(brotli.compress(content))


def ours(path: str) -> tuple[str, int, int, int]:
    """Our page, and the bytes of its HTML, style and script."""
    html = Client().get(path).content.decode()
    linked = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    scripts = re.findall(r'<script [^>]*src="/static/([^"]+)"', html)
    assert len(linked) == 1, linked  # noqa: S101  # the measure would be wrong
    script = sum(file((Path("static") / name).read_bytes()) for name in scripts)
    return html, page(html), file(bundled_css().encode()), script


def stock(document: MonographDocument, folder: Path) -> tuple[str, int, int, int]:
    """The same document as a page of the stock front end, and the bytes of its HTML, style and script."""
    html = engines["django"].from_string(STOCK.read_text("utf-8")).render({"document": document})
    built = folder / "dist" / "nhsuk"
    css, js = (file((built / f"nhsuk-frontend.min.{kind}").read_bytes()) for kind in ("css", "js"))
    return html, page(html), css, js


def report(name: str, html: int, css: int, js: int) -> str:
    """A row of the table."""
    return ROW.format(name, 2 + bool(js), html, css, js, html + css + js)


def main() -> None:
    """Print the table; exit 1 if our page is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--path", default="/medicines/imatinib/")
    parser.add_argument("--nhsuk", type=Path, required=True)
    asked = parser.parse_args()
    document = fetch_page(asked.path).signed_document
    _, *sizes = ours(asked.path)
    print(ROW.format("bytes, compressed", "requests", "page", "style", "script", "all"))
    print(report("this site", *sizes))
    print(report("nhsuk-frontend", *stock(document, asked.nhsuk)[1:]))
    if sum(sizes) > BUDGET:
        raise SystemExit(f"The page is over its budget of {BUDGET} bytes.")


if __name__ == "__main__":
    main()
