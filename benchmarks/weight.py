"""Page weight of a monograph: requests and compressed bytes, compared with a page in stock NHS styles.

``python -m benchmarks.weight --nhsuk node_modules/nhsuk-frontend [--path /medicines/imatinib/]``. The folder
is an unpacked ``nhsuk-frontend`` from npm (``npm install nhsuk-frontend`` outside this folder). Both pages
render the same current edition from the database of the settings. Nothing is downloaded, so the web fonts
that the stock page loads from another host are not counted.
"""

import argparse
import gzip
import re
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # has no type hints
from django.template import engines
from django.test import Client

from monographs.document.models import MonographDocument
from monographs.public.queries import fetch_page
from monographs.public.stylesheet import bundled_css

#: gzip level (1 to 9) with which Django compresses pages. Static files are compressed with brotli.
GZIP_LEVEL = 6
#: The most compressed bytes of a page with its style sheet and scripts.
BUDGET = 30_000
ROW = "{:<22}{:>9}{:>9}{:>9}{:>9}{:>9}"
STOCK = Path(__file__).with_name("weight_stock.html")


def page_size(content: str) -> int:
    """Return the compressed size of a page in bytes."""
    return len(gzip.compress(content.encode(), GZIP_LEVEL))


def file_size(content: bytes) -> int:
    """Return the compressed size of a static file in bytes."""
    return len(brotli.compress(content))


def measure_site(path: str) -> tuple[str, int, int, int]:
    """Return the HTML of the page at ``path``, and the sizes of its HTML, styles and scripts."""
    html = Client().get(path).content.decode()
    linked = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    scripts = re.findall(r'<script [^>]*src="/static/([^"]+)"', html)
    assert len(linked) == 1, linked  # noqa: S101  # a second style sheet would not be counted
    script = sum(file_size((Path("static") / name).read_bytes()) for name in scripts)
    return html, page_size(html), file_size(bundled_css().encode()), script


def measure_stock(document: MonographDocument, folder: Path) -> tuple[str, int, int, int]:
    """Return the HTML of ``document`` in stock NHS styles, and the sizes of its HTML, styles and scripts."""
    html = engines["django"].from_string(STOCK.read_text("utf-8")).render({"document": document})
    built = folder / "dist" / "nhsuk"
    css, js = (file_size((built / f"nhsuk-frontend.min.{kind}").read_bytes()) for kind in ("css", "js"))
    return html, page_size(html), css, js


def report(name: str, html: int, css: int, js: int) -> str:
    """Return a row of the table."""
    return ROW.format(name, 2 + bool(js), html, css, js, html + css + js)


def main() -> None:
    """Print the table. Exit with status 1 if this site's page is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--path", default="/medicines/imatinib/")
    parser.add_argument("--nhsuk", type=Path, required=True)
    options = parser.parse_args()
    document = fetch_page(options.path).signed_document
    _, *sizes = measure_site(options.path)
    print(ROW.format("bytes, compressed", "requests", "page", "style", "script", "all"))
    print(report("this site", *sizes))
    print(report("nhsuk-frontend", *measure_stock(document, options.nhsuk)[1:]))
    if sum(sizes) > BUDGET:
        raise SystemExit(f"The page is over its budget of {BUDGET} bytes.")


if __name__ == "__main__":
    main()
