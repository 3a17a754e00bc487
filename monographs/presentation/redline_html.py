"""Lines of a redline as HTML.

Text that is not from the document has the attribute ``data-not-text``, which scripts leave out of selections.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from monographs.document.models import slug_of
from monographs.presentation.labels import in_words, places_label, translated
from monographs.redline import BREAK, LINE_BREAK, Flag, Form, Line, LineContext, Op, Run

Links = Mapping[str, str]

#: By operation and ``Run.moved``: the HTML, and text for screen readers before and after the words.
_GROUP_HTML = {
    (Op.DELETED, False): ('<del class="redline__del">{}{}{}</del>', _("deleted:"), _("end of deleted.")),
    (Op.INSERTED, False): ('<ins class="redline__ins">{}{}{}</ins>', _("inserted:"), _("end of inserted.")),
    (Op.DELETED, True): ('<del class="redline__left">{}{}{}</del>', _("moved away:"), ""),
    (Op.INSERTED, True): ('<ins class="redline__came">{}{}{}</ins>', _("moved here:"), ""),
}
_TAGS = {
    "strong": "<strong>{}</strong>",
    "em": "<em>{}</em>",
    "sub": "<sub>{}</sub>",
    "sup": "<sup>{}</sup>",
}
_MARKS = {"strong": _("bold"), "em": _("italic"), "sub": _("lowered"), "sup": _("raised")}
_KINDS = {
    "paragraph": _("a paragraph"),
    "bullet": _("a list item"),
    "number": _("a numbered item"),
    "item": _("a list item"),
    "column": _("a name of a column"),
    "row": _("a name of a row"),
    "cell": _("a cell"),
}
#: Names of special spaces, shown where they changed.
_SPACES = {
    "\u00a0": _("space that does not break"),
    "\u2009": _("thin space"),
    "\u202f": _("thin space that does not break"),
    "\u200a": _("hair space"),
    "\u2007": _("figure space"),
}
_APART = re.compile(f"([{BREAK}{LINE_BREAK}{''.join(_SPACES)}])")
#: Digits of the hash of a text that are shown.
_DIGITS = 8
_SCHEMES = ("http://", "https://", "mailto:", "tel:")


def line_html(line: Line, *, without: Op | None, links: Links) -> SafeString:
    """Return the text of ``line``, or of one side of it: without INSERTED it is the old side."""
    runs = [run for run in in_words(line).runs if run.op is not without]
    groups = groupby(runs, key=lambda run: (run.op, run.moved))
    return format_html_join(
        "", "{}", ((_group_html(op, moved, list(group), links),) for (op, moved), group in groups)
    )


def _group_html(op: Op, moved: bool, runs: list[Run], links: Links) -> SafeString:
    words = format_html_join("", "{}", ((_run(run, links),) for run in runs))
    if op is Op.SAME:
        return words
    template, before, after = _GROUP_HTML[op, moved]
    return format_html(
        template,
        _screen_reader_text(f"{before} "),
        words,
        _screen_reader_text(f", {after} ") if str(after) else "",
    )


def _screen_reader_text(words: str) -> SafeString:
    """Text for screen readers only."""
    return format_html('<span class="redline__aloud" data-not-text>{}</span>', words)


def _run(run: Run, links: Links) -> SafeString:
    text = format_html_join("", "{}", ((part,) for part in _characters(run)))
    if run.flags:
        text = format_html(
            '<span class="redline__flagged redline__flagged--{}">{}</span>', run.flags[0].name.lower(), text
        )
    text = _with_form(text, run.form)
    if run.old_form is not None:
        text = format_html('<span class="redline__form">{}</span>', text)
    note = run_note(run, links)
    return format_html('{}<span class="redline__note" data-not-text>{}</span>', text, note) if note else text


def run_note(run: Run, links: Links) -> str:
    """Return a note on a changed form, or on the target of a deleted or inserted link; else ""."""
    if run.old_form is not None:
        return _form_change(run.old_form, run.form, links)
    # The words of a signed version name it
    if run.op is not Op.SAME and run.address and not run.address.startswith("edition:"):
        return gettext("link to %(address)s") % {"address": address_text(run.address, links)}
    return ""


def _characters(run: Run) -> Iterator[SafeString | str]:
    """The text, with breaks as breaks and, where they changed, spaces that can be seen."""
    only_spaces = Flag.SPACING in run.flags and run.text.isspace()
    for part in _APART.split(run.text):
        if part in (BREAK, LINE_BREAK):
            yield _break(part, changed=run.op is not Op.SAME)
        elif run.op is not Op.SAME and (part in _SPACES or (only_spaces and part)):
            name = _SPACES.get(part, gettext("space"))
            yield format_html('<span class="redline__space" title="{}">{}</span>', name, part)
        else:
            yield part


def _break(letter: str, *, changed: bool) -> SafeString:
    if not changed:
        return mark_safe("<br>")
    name = gettext("new paragraph") if letter == BREAK else gettext("new line")
    return format_html('<span class="redline__break">{}</span><br>', _screen_reader_text(name))


def _with_form(text: SafeString, form: Form) -> SafeString:
    for mark in form.marks:
        if mark in _TAGS:
            text = format_html(_TAGS[mark], text)
    if form.address.startswith(_SCHEMES):
        return format_html(
            '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>', form.address, text
        )
    if form.address:
        return format_html('<span class="redline__link">{}</span>', text)
    return text


def _form_change(old: Form, new: Form, links: Links) -> str:
    changes = [gettext("%(form)s added") % {"form": form} for form in _added_marks(new, old)]
    changes += [gettext("%(form)s taken away") % {"form": form} for form in _added_marks(old, new)]
    if old.address != new.address:
        before, after = (address_text(form.address, links) for form in (old, new))
        changes.append(gettext("link was %(before)s, is %(after)s") % {"before": before, "after": after})
    return "; ".join(changes) or gettext("form changed")


def _added_marks(form: Form, other: Form) -> list[Any]:
    """The marks of ``form`` that ``other`` does not have."""
    return [_MARKS[mark] for mark in form.marks if mark in _MARKS and mark not in other.marks]


def address_text(address: str, links: Links) -> str:
    """Return a link's target as text; for a page of this site its public path, or that it is not public."""
    if not address:
        return gettext("none")
    match address.partition(":"):
        case "page", _, key:
            return links.get(key) or gettext("a page that is not public (%(key)s)") % {"key": key}
        case "edition", _, version:
            return gettext("the text with the hash %(hash)s") % {"hash": f"{slug_of(version)[:_DIGITS]}…"}
    return address


def context_change(line: Line) -> str:
    """Return what a line was before and what it was under; "" if that did not change."""
    old, new = line.old_context, line.context
    if old is None:
        return ""
    changes = []
    nothing = gettext("nothing")
    if old.places != new.places:
        ends = {"before": places_label(old.places) or nothing, "after": places_label(new.places) or nothing}
        changes.append(gettext("stood under “%(before)s”, stands under “%(after)s”") % ends)
    if (old.kind, old.level) != (new.kind, new.level):
        changes.append(gettext("was %(before)s, is %(after)s") % {"before": _kind(old), "after": _kind(new)})
    if old.label != new.label:
        changes.append(gettext("was called %(label)s") % {"label": translated(old.label) or nothing})
    return "; ".join(changes)


def _kind(context: LineContext) -> str:
    if context.kind == "heading":
        return gettext("a heading of level %(level)s") % {"level": context.level}
    name = str(_KINDS.get(context.kind, context.kind))
    if context.level > 1:
        return gettext("%(kind)s of level %(level)s") % {"kind": name, "level": context.level}
    return name
