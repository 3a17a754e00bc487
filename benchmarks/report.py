"""Results of ``make bench`` as a table and a plot, compared with the results before."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
#: A row that takes so much more than before, relative to the stock page of its run, is marked.
REGRESSION = 1.2
#: Less than can be measured by ticks of the clock, in ms.
SMALLEST = 0.01
_WIDTH, _BAR, _LEFT = 900, 26, 330

Results = dict[str, Any]


def previous() -> Results:
    """Return the results that are in the repository, empty before the first."""
    file = RESULTS / "results.json"
    return json.loads(file.read_text()) if file.exists() else {}


def write(results: Results, before: Results) -> str:
    """Write the results, the table and the plot; return the table."""
    RESULTS.mkdir(exist_ok=True)
    table = _table(results, before)
    (RESULTS / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    (RESULTS / "README.md").write_text(table)
    bars = [(name, row["cpu_ms"]) for name, row in results["peers"].items()]
    (RESULTS / "cpu-per-request.svg").write_text(bar_chart("CPU per request, ms (web and database)", bars))
    return table


def _table(results: Results, before: Results) -> str:
    return "\n".join(
        [
            "# Results of `make bench`",
            "",
            results["about"],
            "",
            *_peers(results["peers"], before.get("peers", {})),
            "",
            "![CPU per request](cpu-per-request.svg)",
            "",
            "## Growth",
            "",
            "CPU of a request in one process, web and database, ms (median), with bodies that are not kept.",
            "",
            *_growth(results["growth"], before.get("growth", {})),
            "",
        ]
    )


def _peers(peers: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    lines = [
        "| | web CPU, ms | database CPU, ms | both (spread) | × stock | before | page, kB | MB per worker |",
        "| --- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    stock = peers["stock Wagtail page"]["cpu_ms"]
    for name, row in peers.items():
        times = stock / max(row["cpu_ms"], SMALLEST)
        then = _times_before(before, name)
        mark = " slower" if then and times * REGRESSION < then else ""
        low, high = row["spread_ms"]
        lines.append(
            f"| {name} | {row['web_ms']:.2f} | {row['database_ms']:.2f} | {row['cpu_ms']:.2f} "
            f"({low:.2f}–{high:.2f}) | {times:.1f} | {f'{then:.1f}' if then else '–'}{mark} "
            f"| {row['size'] / 1000:.1f} | {row['worker_mb']:.0f} |"
        )
    return lines


def _times_before(before: Mapping[str, Any], name: str) -> float:
    """Return how many times less than the stock page of its run a row took before; 0 if it is new."""
    if name not in before:
        return 0.0
    return float(before["stock Wagtail page"]["cpu_ms"]) / max(float(before[name]["cpu_ms"]), SMALLEST)


def _growth(growth: Mapping[str, Mapping[str, float]], before: Mapping[str, Any]) -> list[str]:
    sizes = list(next(iter(growth.values())))
    head = " | ".join(f"{int(size):,} medicines" for size in sizes)
    lines = [f"| | {head} | before |", "| --- " + "| --: " * (len(sizes) + 1) + "|"]
    for address, row in growth.items():
        then = before.get(address, {}).get(sizes[-1])
        shown = " | ".join(f"{row[size]:.1f}" for size in sizes)
        lines.append(f"| `{address}` | {shown} | {f'{then:.1f}' if then else '–'} |")
    return lines


def bar_chart(title: str, bars: Sequence[tuple[str, float]]) -> str:
    """Return an SVG with a horizontal bar per value."""
    largest = max(value for _, value in bars) or 1.0
    height = _BAR * (len(bars) + 2)
    rows = [f'<text x="8" y="{_BAR}" font-weight="bold">{escape(title)}</text>']
    for number, (name, value) in enumerate(bars, 1):
        top, length = _BAR * number + 8, (_WIDTH - _LEFT - 80) * value / largest
        rows.append(f'<text x="{_LEFT - 8}" y="{top + 16}" text-anchor="end">{escape(name)}</text>')
        size = f'width="{length:.1f}" height="{_BAR - 6}"'
        rows.append(f'<rect x="{_LEFT}" y="{top + 2}" {size} fill="#005b73"/>')
        rows.append(f'<text x="{_LEFT + length + 6:.1f}" y="{top + 16}">{value:.2f}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escape(title)}" font-family="sans-serif" font-size="14">'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(rows)}</svg>\n'
    )
