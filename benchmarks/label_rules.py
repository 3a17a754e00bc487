"""What the house rules find on pages that are made from labels: ``python -m benchmarks.label_rules FOLDER``.

A page that says what its label says must break none of the rules on labels (a finding is a false alarm). A
page that says none of it must break them. A page from the oldest version of each label is compared with the
newest, too: what is found there changed. Needs settings, and no database.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import django

django.setup()

from monographs.document import MonographDocument, SectionType  # noqa: E402
from monographs.document.parts import Effect, Frequency  # noqa: E402
from monographs.labels import Label, LabelRefused, label_contents, read_label  # noqa: E402
from monographs.labels.label_files import files_of  # noqa: E402
from monographs.pages.label_routes import choices_of_term  # noqa: E402
from monographs.rules.check_context import CheckContext  # noqa: E402
from monographs.rules.document_check import check_document  # noqa: E402
from monographs.rules.finding import Finding  # noqa: E402
from monographs.rules.label_summary import LabelSummary, summarise  # noqa: E402
from tests.rules.documents import SEIZURE, effects, html, monograph, section  # noqa: E402

_LEAST = ((10.0, Frequency.VERY_COMMON), (1.0, Frequency.COMMON), (0.0, Frequency.UNCOMMON))
_WRONG = {
    Frequency.VERY_COMMON: Frequency.UNCOMMON,
    Frequency.COMMON: Frequency.RARE,
    Frequency.UNCOMMON: Frequency.VERY_COMMON,
}
_LAY = {
    "nausea": "Feeling sick",
    "fever": "High temperature",
    "tiredness": "Feeling tired",
    "diarrhea": "Loose stools",
}


def page_of(label: LabelSummary, *, right: bool = True) -> MonographDocument:
    """Return a page that says what the label says, or none of it."""
    listed = []
    for name, shares in label.effects.items():
        if shares.overall:
            mean = sum(shares.overall) / len(shares.overall)
            band = next(band for least, band in _LEAST if mean >= least)
            band = band if right else _WRONG[band]
            listed.append(
                Effect(name=_LAY.get(name, name.capitalize()), frequency=band, frequency_label=band.label)
            )
    reasons = [each.reason or " ".join(each.telling) for each in label.contraindications] if right else []
    sections = [
        section(SectionType.COMMON_SIDE_EFFECTS, effects(*listed, group="common"), effects(SEIZURE)),
        section(SectionType.WHO_SHOULD_NOT_TAKE_IT, html("; ".join(reasons) or "Ask your care team.")),
    ]
    if right and label.box:
        sections.append(section(SectionType.BOXED_WARNING, html("It can kill.")))
    chosen = [choices_of_term(term) for term in label.routes] if right else []
    return monograph(sections=sections, routes=tuple(each[0].label for each in chosen if each))


def findings(page: MonographDocument, label: LabelSummary) -> list[Finding]:
    """Return what the rules on labels find."""
    found = check_document(page, context=CheckContext(labels=(label,)))
    return [each for each in found if each.rule.startswith("label-")]


def labels_in(folder: Path) -> Iterator[Label]:
    """Yield the labels of a folder; those that are refused are left out."""
    for path in files_of(folder):
        for content in label_contents(path):
            try:
                yield read_label(content.data)
            except LabelRefused:
                continue


def main() -> None:
    """Check pages of all labels that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    versions: defaultdict[str, dict[int, LabelSummary]] = defaultdict(dict)
    wanted, alarms, found = Counter[str](), Counter[str](), Counter[str]()
    for label in labels_in(parser.parse_args().folder):
        summary = summarise(label)
        versions[summary.set_id][summary.version] = summary
        wanted["labels"] += 1
        wanted["boxes"] += bool(summary.box)
        wanted["contraindications"] += len(summary.contraindications)
        wanted["bands"] += sum(bool(shares.overall) for shares in summary.effects.values())
        alarms.update(each.rule for each in findings(page_of(summary), summary))
        found.update(each.rule for each in findings(page_of(summary, right=False), summary))
    print("to be found:", dict(wanted))
    print("false alarms on right pages:", dict(alarms))
    print("found on wrong pages:", dict(found))
    for set_id, each in versions.items():
        if len(each) > 1:
            old, new = each[min(each)], each[max(each)]
            for finding in findings(page_of(old), new):
                print(f"{set_id} {old.version} → {new.version}: {finding.message}")


if __name__ == "__main__":
    main()
