"""What each clipboard here must become. The words are our own, the markup is that of the programs."""

from dataclasses import dataclass
from pathlib import Path

#: A block: rich text, or the rows of a table.
Block = str | list[list[str]]


@dataclass(frozen=True)
class Expected:
    """Blocks, and the kind and quote of each remark."""

    blocks: list[Block]
    remarks: list[tuple[str, str]]


def clipboard(name: str) -> str:
    """Return the HTML of a clipboard."""
    return (Path(__file__).parent / f"{name}.html").read_text(encoding="utf-8")


SAMPLES: dict[str, Expected] = {
    "calc-table": Expected([[["Day", "Dose"], ["1", "0.5"], ["Rest", "Rest"]]], []),
    "docs-lists": Expected(["<ul><li>Fever <ul><li>above 38 °C</li></ul></li><li>Cough</li></ul>"], []),
    "docs-raised": Expected(["<p>Give 2 x 10<sup>8</sup> cells and <b>no</b> more.</p>"], []),
    "docs-redirect-link": Expected(
        ['<p>Read <a href="https://example.org/label">the label</a>.</p>'], [("changed", "the label")]
    ),
    "docs-struck": Expected(["<p>Take 5 mg.</p>"], [("omitted", "Take 50 mg.")]),
    "docs-table": Expected([[["Dose", "Weeks"], ["1", "0 mg"]]], []),
    "excel-table": Expected(
        [[["Dose", "Cells"], ["0.5", "2 x 10<sup>8</sup>"], ["", "1"]]], [("omitted", "50 mg")]
    ),
    "given-case": Expected(
        ["<p>Give 2 x 10<sup>8</sup> cells.</p>", [["1", "0 mg"]], "<p>Take 5 mg.</p>"],
        [("omitted", "Take 50 mg.")],
    ),
    "libreoffice-footnote": Expected(
        ["<p>Take 5 mg<sup>[1]</sup> a day.</p>", "<p><sup>[1]</sup> With food.</p>"], [("unsure", "[1]")]
    ),
    "libreoffice-lists": Expected(
        ["<ol><li>Wash.</li><li>Rinse. <ul><li>With 1 cup.</li></ul></li></ol>"], []
    ),
    "libreoffice-raised": Expected(
        ["<p>Give 2 x 10<sup>8</sup> cells, 5 mL of H<sub>2</sub>O.</p>"], [("omitted", "50")]
    ),
    "notes-list": Expected(["<p><b>Before</b></p>", "<ul><li>Water 2 L</li><li>Rest</li></ul>"], []),
    "outlook-list": Expected(
        ["<p>Please change:</p>", "<ul><li>Take 5 mg.</li><li>Then rest.</li></ul>"], []
    ),
    "outlook-safelink": Expected(
        [
            '<p>See <a href="https://example.org/label.pdf">the label</a>, call '
            '<a href="tel:+18003321088">800-332-1088</a> '
            'or write to <a href="mailto:care@example.org">care@example.org</a>.</p>'
        ],
        [("changed", "the label")],
    ),
    "pages-raised": Expected(
        ["<p>Give 2 x 10<sup>8</sup> cells. Take 5 mg.</p>"], [("omitted", "Take 50 mg.")]
    ),
    "pdf-chrome-bullets": Expected(
        ["<ul><li>Take 5 mg.</li><li>Drink 2 L of water.</li></ul>", "<p>Day 1<br/>0 mg</p>"], []
    ),
    "pdf-js-lines": Expected(["<p>Day 1<br/>0 mg, then 1 5 mg</p>"], []),
    "sheets-table": Expected([[["Week", "Dose"], ["1", "0 mg<br/>or 5 mg"], ["Stop", "Stop"]]], []),
    "web-bold-base": Expected(["<p>Take 5 mg a day.</p>"], []),
    "web-characters": Expected(
        ["<p>1\xad-2 tablets, 5\xa0mg &lt;\xa010\xa0µg, 50 �g, 1–2 days, 38°C</p>"],
        [("unsure", "1[U+00AD]-2 tablets, 5 mg"), ("unsure", "5 mg < 10 µg, 50 �g, 1–2 days, 38°C")],
    ),
    "web-definition-and-quote": Expected(
        ["<p>Dose</p>", "<p>5 mg</p>", "<p>Day 1</p>", "<p>0 mg</p>", "<p>1<br/>0 mg</p>"], []
    ),
    "web-form": Expected(["<p>Dose ☑ with food</p>"], [("omitted", "5 mg"), ("omitted", "0 mg")]),
    "web-hidden": Expected(
        ["<p>Take 5 mg a day.</p>"],
        [("omitted", "(fifty)"), ("omitted", "or 50 mg"), ("omitted", "Or 7. Or 8.")],
    ),
    "web-links": Expected(
        ['<p>edit, reports, more, doses, <a href="https://example.org/label">label</a>, news</p>'],
        [
            ("unsure", "edit"),
            ("unsure", "reports"),
            ("unsure", "more"),
            ("unsure", "doses"),
            ("changed", "label"),
            ("unsure", "news"),
        ],
    ),
    "web-ruby-math": Expected(
        ["<p>imatinib (i-MAT-in-ib) 2×10<sup>8</sup> and 1/2</p>"], [("unsure", "2×108"), ("unsure", "12")]
    ),
    "web-spans": Expected(
        [[["Day", "Dose", "Dose"], ["Day", "Morning", "Night"], ["1", "5 mg", "0 mg"]]], []
    ),
    "web-table": Expected([[["Weight", "Dose"], ["10 kg", "0.5 mL"], ["20 kg", "1 mL"]]], []),
    "word-comment": Expected(
        ["<p>Take 5 mg a day.</p>"], [("omitted", "[AP1]"), ("omitted", "[AP1]Was it 15 mg?")]
    ),
    "word-footnote": Expected(
        ["<p>Take 5 mg<sup>[1]</sup> a day.</p>", "<p><sup>[1]</sup> With food.</p>"], [("unsure", "[1]")]
    ),
    "word-headings": Expected(
        [
            "<h3>Treatment</h3>",
            "<p>You get it in a clinic.</p>",
            "<h4>First day</h4>",
            "<p>Day 1<br/>0 mg is given.</p>",
        ],
        [],
    ),
    "word-hidden": Expected(
        ["<p>Take 5 mg a day.</p>"], [("omitted", "or 50 mg"), ("omitted", "Ask Bo first.")]
    ),
    "word-list-letters": Expected(
        ["<ol><li>Wash your hands.</li><li>Open the bag.</li></ol>"], [("changed", "a)")]
    ),
    "word-lists": Expected(
        [
            "<p>Before the infusion:</p>",
            "<ul><li>Drink 2 glasses of water. <ul><li>Cold is fine.</li></ul></li><li>Take 5 mg.</li></ul>",
            "<p>Steps:</p>",
            "<ol><li>Wash your hands.</li><li>Open the bag.</li></ol>",
        ],
        [],
    ),
    "word-picture": Expected(["<p>See the bag:</p>"], [("omitted", "A bag with 250 mL")]),
    "word-raised-position": Expected(["<p>Give 10<sup>9</sup> cells and H<sub>2</sub>O.</p>"], []),
    "word-raised-style": Expected(
        ["<p>The bag holds 3 x 10<sup>6</sup> cells per kg,<br/>at most 2 x 10<sup>8</sup> cells.</p>"], []
    ),
    "word-raised-tag": Expected(
        ["<p>The bag holds 2 x 10<sup>8</sup> cells in 5 mL, which is 1 dose per m<sup>2</sup>.</p>"], []
    ),
    "word-struck": Expected(
        ["<p>Take 5 mg.</p>"],
        [("omitted", "Take 50 mg."), ("omitted", "Take 7 mg."), ("omitted", "Take 9 mg.")],
    ),
    "word-symbol": Expected(["<p>Take 5 μg if your count is ≥ 2.</p>"], [("changed", "m"), ("changed", "³")]),
    "word-tab-line-break": Expected(["<p>Dose 0.5 mg<br/>Days 1<br/>0 mg on rest days</p>"], []),
    "word-table": Expected([[["Dose", "Weeks"], ["0.5", "1"], ["1", "52"]]], []),
    "word-text-box": Expected(["<p>Keep it cold.</p>"], [("omitted", "Never freeze.")]),
    "word-tracked": Expected(
        ["<p>Take 5 mg once a day.</p>"],
        [("omitted", "50"), ("omitted", "twice"), ("unsure", "5"), ("unsure", "once")],
    ),
    "word-web-heading": Expected(["<h3>Your first week</h3>", "<p>Take 1 tablet.</p>"], []),
    "word-web-lists": Expected(
        [
            "<ul><li>Drink water. <ul><li>Cold is fine.</li></ul></li><li>Rest.</li></ul>",
            "<p>Steps:</p>",
            "<ol><li>Wash.</li><li>Rinse.</li></ol>",
        ],
        [],
    ),
    "word-web-raised": Expected(["<p>Give 2 x 10<sup>8</sup> cells.</p>"], []),
    "word-web-struck": Expected(["<p>Take 5 mg.</p>"], [("omitted", "Take 50 mg.")]),
}
