"""Events of whole days as an iCalendar object (RFC 5545)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

#: Octets of a line without its line break (RFC 5545, section 3.1).
LINE_OCTETS = 75
#: Characters that have a meaning in a text (section 3.3.11), and what stands for them.
_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
#: ``CONTROL`` of section 3.1, but for the line break, which is escaped.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
#: How often a program should ask (RFC 7986, section 5.7; the older name is for Outlook).
_REFRESH = "PT6H"


@dataclass(frozen=True, slots=True)
class DayEvent:
    """An event of one day. The ``uid`` stays the same when its day moves, so that programs move it, too."""

    uid: str
    day: date
    title: str
    url: str = ""


def calendar_text(name: str, events: Iterable[DayEvent], now: datetime) -> str:
    """Return the calendar ``name`` as text with the line breaks of the standard."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//monographs//reviews//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{_REFRESH}",
        f"X-PUBLISHED-TTL:{_REFRESH}",
    ]
    for event in events:
        lines += _event_lines(event, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event_lines(event: DayEvent, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(event.title)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """Return ``text`` as a value of the type TEXT, without the control characters that no value may have."""
    one_break = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_ESCAPES.get(character, character) for character in _CONTROLS.sub("", one_break))


def folded(line: str) -> Iterator[str]:
    """Yield the parts of a line, each of at most 75 octets; those after the first begin with a space.

    No character is split, although the standard allows it: programs read the parts before joining them.
    """
    part, room = "", LINE_OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            yield part
            part, room = " ", LINE_OCTETS - 1
        part += character
        room -= size
    yield part
