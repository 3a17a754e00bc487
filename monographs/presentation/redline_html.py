"""Words of a redline as HTML.

What is not text of the document carries ``data-not-text``, so that selected words can be told from it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from monographs.presentation.labels import place, translated
from monographs.redline import BREAK, LINE_BREAK, Flag, Form, Line, LineContext, Op, Run

Links = Mapping[str, str]

#: By fate, and whether the words moved with their line: the HTML, and what is said before and after.
_FATES = {
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
}
#: Spaces that look like others, by the name a reader is told where they changed.
_SPACES = {
    "\u00a0": _("space that does not break"),
    "\u2009": _("thin space"),
    "\u202f": _("thin space that does not break"),
    "\u200a": _("hair space"),
    "\u2007": _("figure space"),
}
_APART = re.compile(f"([{BREAK}{LINE_BREAK}{''.join(_SPACES)}])")
_SCHEMES = ("http://", "https://", "mailto:", "tel:")


def words_of(line: Line, *, without: Op | None, links: Links) -> SafeString:
    """The words of ``line``, all of them or those of one side."""
    runs = [run for run in line.runs if run.op is not without]
    if line.kind == "mark":
        runs = [replace(run, text=translated(run.text)) for run in runs]
    groups = groupby(runs, key=lambda run: (run.op, run.came))
    return format_html_join(
        "", "{}", ((_fate(op, came, list(group), links),) for (op, came), group in groups)
    )


def _fate(op: Op, came: bool, runs: list[Run], links: Links) -> SafeString:
    words = format_html_join("", "{}", ((_run(run, links),) for run in runs))
    if op is Op.SAME:
        return words
    shape, before, after = _FATES[op, came]
    return format_html(shape, _aloud(f"{before} "), words, _aloud(f", {after} ") if str(after) else "")


def _aloud(words: str) -> SafeString:
    """Words for those who do not see lines and colours."""
    return format_html('<span class="redline__aloud" data-not-text>{}</span>', words)


def _run(run: Run, links: Links) -> SafeString:
    text = format_html_join("", "{}", ((part,) for part in _letters(run)))
    if run.flags:
        text = format_html(
            '<span class="redline__flagged redline__flagged--{}">{}</span>', run.flags[0].name.lower(), text
        )
    text = _in_form(text, run.form)
    if run.was is not None:
        text = format_html('<span class="redline__form">{}</span>', text)
    note = note_of(run, links)
    return format_html('{}<span class="redline__note" data-not-text>{}</span>', text, note) if note else text


def note_of(run: Run, links: Links) -> str:
    """What changed about words that their letters do not show, and where changed words lead; else empty."""
    if run.was is not None:
        return _told_form(run.was, run.form, links)
    if run.op is not Op.SAME and run.address:
        return gettext("link to %(address)s") % {"address": shown_address(run.address, links)}
    return ""


def _letters(run: Run) -> Iterator[SafeString | str]:
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
    return format_html('<span class="redline__break">{}</span><br>', _aloud(name))


def _in_form(text: SafeString, form: Form) -> SafeString:
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


def _told_form(was: Form, now: Form, links: Links) -> str:
    told = [gettext("%(form)s added") % {"form": form} for form in _marks(now, was)]
    told += [gettext("%(form)s taken away") % {"form": form} for form in _marks(was, now)]
    if was.address != now.address:
        before, after = (shown_address(form.address, links) for form in (was, now))
        told.append(gettext("link was %(before)s, is %(after)s") % {"before": before, "after": after})
    return "; ".join(told) or gettext("form changed")


def _marks(form: Form, other: Form) -> list[Any]:
    """What ``form`` has and ``other`` has not."""
    return [_MARKS[mark] for mark in form.marks if mark in _MARKS and mark not in other.marks]


def shown_address(address: str, links: Links) -> str:
    """An address in words; of a page of ours its path, or that nobody can read it yet."""
    if not address:
        return gettext("none")
    key = address.removeprefix("page:")
    if key == address:
        return address
    return links.get(key) or gettext("a page that is not public (%(key)s)") % {"key": key}


def told_stand(line: Line) -> str:
    """What a line was before and where it stood; empty if that is what it is."""
    was, now = line.was, line.stand
    if was is None:
        return ""
    told = []
    nothing = gettext("nothing")
    if was.places != now.places:
        ends = {"before": place(was.places) or nothing, "after": place(now.places) or nothing}
        told.append(gettext("stood under “%(before)s”, stands under “%(after)s”") % ends)
    if (was.kind, was.level) != (now.kind, now.level):
        told.append(gettext("was %(before)s, is %(after)s") % {"before": _kind(was), "after": _kind(now)})
    if was.label != now.label:
        told.append(gettext("was called %(label)s") % {"label": translated(was.label) or nothing})
    return "; ".join(told)


def _kind(stand: LineContext) -> str:
    if stand.kind == "heading":
        return gettext("a heading of level %(level)s") % {"level": stand.level}
    name = str(_KINDS.get(stand.kind, stand.kind))
    if stand.level > 1:
        return gettext("%(kind)s of level %(level)s") % {"kind": name, "level": stand.level}
    return name
