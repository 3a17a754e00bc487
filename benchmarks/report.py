"""Results of ``make bench`` as a table and plots, compared with the results before."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.charts import bar_chart, line_chart
from benchmarks.peers import FILE, FLOOR, KEPT, RENDERED, STOCK

RESULTS = Path(__file__).parent / "results"
#: A row that takes so much more than before, relative to the stock page of its run, is marked.
REGRESSION = 1.2
#: Less than can be measured by ticks of the clock, in ms.
SMALLEST = 0.01
_ABOUT_STOCK = (
    "The stock page is a site of `wagtail start` with `benchmarks/stock_medicines`: every section and part "
    "of the same monographs as Wagtail's own blocks with a template each, a menu and breadcrumbs, served by "
    "Wagtail's own view with gzip, cached templates and persistent connections. Words are those that a page "
    "shows."
)

Results = dict[str, Any]


def previous() -> Results:
    """Return the results that are in the repository, empty before the first."""
    file = RESULTS / "results.json"
    return json.loads(file.read_text()) if file.exists() else {}


def write(results: Results, before: Results) -> str:
    """Write the results, the table and the plots; return the table."""
    RESULTS.mkdir(exist_ok=True)
    table = _table(results, before)
    (RESULTS / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    (RESULTS / "README.md").write_text(table)
    bars = [(name, row["cpu_ms"]) for name, row in results["peers"].items()]
    (RESULTS / "cpu-per-request.svg").write_text(bar_chart("CPU per request, ms (web and database)", bars))
    lines = {
        address: {int(size): median for size, (median, _) in row.items()}
        for address, row in results["growth"].items()
    }
    (RESULTS / "growth.svg").write_text(line_chart("CPU per request, ms, by published medicines", lines))
    return table


def _table(results: Results, before: Results) -> str:
    return "\n".join(
        [
            "# Results of `make bench`",
            "",
            results["about"],
            "",
            _ABOUT_STOCK,
            "",
            *_peers(results["peers"], before.get("peers", {})),
            "",
            *_what_is_left(results["peers"]),
            "",
            "![CPU per request](cpu-per-request.svg)",
            "",
            *(_busy(results["busy"], before.get("busy", {})) if results["busy"] else ()),
            "## Growth",
            "",
            "CPU of a request in one process, web and database, ms: the median, and in the last columns what "
            "19 of 20 requests take at most. Bodies are not kept.",
            "",
            *_growth(results["growth"], before.get("growth", {})),
            "",
            "![CPU by published medicines](growth.svg)",
            "",
        ]
    )


def _peers(peers: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    lines = [
        "| | web CPU, ms | database CPU, ms | both (spread) | × stock | before | page, kB | words "
        "| MB per worker |",
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: |",
    ]
    stock = peers[STOCK]["cpu_ms"]
    for name, row in peers.items():
        times = stock / max(row["cpu_ms"], SMALLEST)
        then = _times_before(before, name)
        mark = " slower" if then and times * REGRESSION < then else ""
        low, high = row["spread_ms"]
        words = f"{row['words']:,.0f}" if row["words"] else "–"
        lines.append(
            f"| {name} | {row['web_ms']:.2f} | {row['database_ms']:.2f} | {row['cpu_ms']:.2f} "
            f"({low:.2f}–{high:.2f}) | {times:.1f} | {f'{then:.1f}' if then else '–'}{mark} "
            f"| {row['size'] / 1000:.1f} | {words} | {row['worker_mb']:.0f} |"
        )
    return lines


def _what_is_left(peers: Mapping[str, Any]) -> list[str]:
    """Say what the CPU of a page consists of, by the differences of rows."""
    rendered, kept, floor = (peers[name] for name in (RENDERED, KEPT, FLOOR))
    web, drawn = kept["web_ms"] - floor["web_ms"], rendered["cpu_ms"] - kept["cpu_ms"]
    return [
        "",
        f"Between a kept body ({kept['cpu_ms']:.2f} ms) and the server's floor ({floor['cpu_ms']:.2f} ms) "
        f"stand one query ({kept['database_ms']:.2f} ms in the database), the driver, Django's request and "
        f"response, and its middleware ({web:.2f} ms). Rendering adds {drawn:.2f} ms: compiled templates, "
        "structured data and gzip.",
    ]


def _times_before(before: Mapping[str, Any], name: str) -> float:
    """Return how many times less than the stock page of its run a row took before; 0 if it is new."""
    if name not in before:
        return 0.0
    return float(before[STOCK]["cpu_ms"]) / max(float(before[name]["cpu_ms"]), SMALLEST)


def _busy(busy: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    lines = [
        "## Bytes without pause",
        "",
        "One page over many connections (`wrk`), with the configuration of `deploy/varnish`. The CPU of the "
        "server is what can be compared: the client shares its processors.",
        "",
        "| | CPU of an answer, µs | answers a second | CPU, of a file in nginx | before |",
        "| --- | --: | --: | --: | --: |",
    ]
    for name, row in busy.items():
        then = f"{_of_file(before, name):.2f}" if name in before and FILE in before else "–"
        busy_columns = f"{row['cpu_us']:.1f} | {row['per_second']:,.0f} | {_of_file(busy, name):.2f}"
        lines.append(f"| {name} | {busy_columns} | {then} |")
    return [*lines, ""]


def _of_file(busy: Mapping[str, Any], name: str) -> float:
    """Return how many answers a server gives with the CPU of one file from nginx."""
    return float(busy[FILE]["cpu_us"]) / float(busy[name]["cpu_us"]) if FILE in busy else 0.0


def _growth(growth: Mapping[str, Mapping[str, list[float]]], before: Mapping[str, Any]) -> list[str]:
    sizes = list(next(iter(growth.values())))
    head = " | ".join(f"{int(size):,} medicines" for size in sizes)
    lines = [f"| | {head} | before | 19 of 20 | before |", "| --- " + "| --: " * (len(sizes) + 3) + "|"]
    for address, row in growth.items():
        then = before.get(address, {}).get(sizes[-1], [])
        if isinstance(then, float):  # results from before 19 of 20 were measured
            then = []
        shown = " | ".join(f"{row[size][0]:.1f}" for size in sizes)
        median, most = (f"{value:.1f}" for value in then) if then else ("–", "–")
        lines.append(f"| `{address}` | {shown} | {median} | {row[sizes[-1]][1]:.1f} | {most} |")
    return lines
