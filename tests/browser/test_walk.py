"""Five readers look for the answers to the questions that patients ask, on a phone.

Counted are the taps on the medicine's page, the screens scrolled to see a link and its answer, and the
seconds the browser took. ``-s`` prints the table.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, ElementHandle, Locator, Page, expect

from monographs.document import MonographDocument, Section
from monographs.document.parts import Figure
from monographs.styleguide.documents import MONOGRAPH
from tests.browser.conftest import PATIENCE, ScriptErrors
from tests.public.published import home, publish

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (320, 390)
HEIGHT = 640
MAX_TAPS = 2
MAX_SCREENS = 3.0
#: A screen of text of twice the size holds a quarter of the words.
MAX_SCREENS_OF_LARGE_TEXT = 5.0
#: Whether the browser has scrolled to where the address leads: it does so when it lays out the next frame.
LAID_OUT = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
#: The links of the bar at the top of the screen.
CONTENTS, HELP = "Contents", "Get help now"


@dataclass(frozen=True)
class Task:
    """A question, the links that lead to its answer from the top of the page, and words of the answer.

    ``anywhere`` are the links that lead there from any place on the page; the same if empty.
    """

    question: str
    links: tuple[str, ...]
    answer: str
    anywhere: tuple[str, ...] = ()


def _by_contents(question: str, section: str, answer: str) -> Task:
    return Task(question, (CONTENTS, section), answer)


TASKS = (
    _by_contents("What does it do?", "How it works", "It holds back the growth"),
    _by_contents("Is it for me?", "Who should take it", "Adults with a sample condition."),
    _by_contents("How often do I take it?", "How it is administered", "once a day for 28 days"),
    _by_contents("How well does it work?", "How well it works", "40 of 100 people"),
    _by_contents("Which side effects are common?", "Common side effects", "Very common: more than 1 in"),
    Task("Fever", ("Fever?",), "Take your temperature.", (CONTENTS, "Common side effects")),
    Task("What is dangerous, whom do I call?", (HELP,), "For any of these: the signs"),
    _by_contents("What is it combined with?", "Commonly used with", "The two work better together."),
    Task("Pain reliever", ("Pain reliever?",), "It can hide a fever.", (CONTENTS, "Other medicines")),
    _by_contents("Food and alcohol", "Other medicines", "no more than one drink a day"),
    Task("Pregnant", ("Pregnant?",), "unborn baby", (CONTENTS, "Pregnancy and breastfeeding")),
    _by_contents("How will we know it works?", "Checks while you take it", "A blood test every week"),
    Task("Missed dose", ("Missed dose?",), "less than 12 hours", (CONTENTS, "If something goes wrong")),
    Task("Pump alarm", ("Pump alarm?",), "stops the sound", (CONTENTS, "If something goes wrong")),
    _by_contents("I vomited after a dose", "If something goes wrong", "Do not take another one."),
    _by_contents("May I drive?", "Living with it", "Do not drive on the day"),
    _by_contents("I care for somebody", "For caregivers", "Wear gloves"),
    _by_contents("Who helps with the cost?", "Cost and help", "who can help with the cost"),
    _by_contents("I am old, and my kidneys are weak", "Who should not take it", "any kidney disease"),
)


@dataclass
class Walk:
    """What one reader needed for one task."""

    taps: int = 0
    screens: float = 0.0
    seconds: float = 0.0
    dead_end: str = ""


def _first(wanted: Locator) -> ElementHandle | None:
    """Return the first element, if there is one: to look for it is most of the time of a walk."""
    return next(iter(wanted.element_handles()), None)


class Reader:
    """A reader who comes to the top of a page from outside and taps."""

    name = "at night, from a search engine"
    max_screens = MAX_SCREENS

    def __init__(self, page: Page, path: str) -> None:
        self.page, self.path = page, path
        self.links_found: dict[str, ElementHandle] = {}

    def arrive(self) -> None:
        """Go to the page of the medicine."""
        self.page.goto(self.path)

    def begin(self) -> None:
        """Go back to where the reader began to look."""
        self.page.evaluate("location.hash = ''; scrollTo(0, 0)")
        self.page.evaluate(LAID_OUT)

    def links(self, task: Task) -> tuple[str, ...]:
        """Return the links the reader uses."""
        return task.links

    def follow(self, link: ElementHandle) -> None:
        """Follow a link that is in sight."""
        link.click()

    def walk(self, task: Task) -> Walk:
        """Find the answer, from where the reader began."""
        self.begin()
        walk, start = Walk(), time.monotonic()
        for name in self.links(task):
            link = self._link(name)
            if not link or not link.is_visible():
                walk.dead_end = f"no link {name}"
                return walk
            walk.screens += self._scroll_to(link)
            self.follow(link)
            self.page.evaluate(LAID_OUT)
            walk.taps += 1
        answer = _first(self.page.locator("main").get_by_text(task.answer))
        if not answer or not answer.is_visible():
            walk.dead_end = f"“{task.answer}” is not to be seen"
            return walk
        walk.screens += self._scroll_to(answer)
        walk.seconds = time.monotonic() - start
        return walk

    def _link(self, name: str) -> ElementHandle | None:
        """Return the link of a name: the one found before, if it is still to be seen."""
        known = self.links_found.get(name)
        if known and known.is_visible():
            return known
        found = _first(self.page.locator("main").get_by_role("link", name=name, exact=True))
        if found:
            self.links_found[name] = found
        return found

    def _scroll_to(self, wanted: ElementHandle) -> float:
        """Scroll until ``wanted`` is in sight, below the bar, and return by how many screens."""
        return float(
            wanted.evaluate(
                """at => {
                    const bar = document.querySelector(".shortcuts").getBoundingClientRect();
                    const top = at.closest(".shortcuts") ? 0 : Math.max(bar.bottom, 0);
                    const box = at.getBoundingClientRect();
                    const by = box.bottom > innerHeight ? box.bottom - innerHeight
                        : box.top < top && top < innerHeight ? box.top - top : 0;
                    scrollBy(0, by);
                    return Math.abs(by) / innerHeight;
                }"""
            )
        )


class Mother(Reader):
    """A reader who knows only the brand name."""

    name = "a mother, by the brand name"

    def arrive(self) -> None:
        self.page.goto("/")
        self.page.locator("#q").fill("samplia")
        self.page.keyboard.press("Enter")
        with self.page.expect_navigation(url=f"**{self.path}"):
            self.page.locator(".found").get_by_role("link", name="sampleumab").click()


class ReaderInTheMiddle(Reader):
    """A reader who has read half of the page, and whom the links below the name are out of sight for."""

    name = "in the middle of the page"

    def begin(self) -> None:
        super().begin()
        self.page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")

    def links(self, task: Task) -> tuple[str, ...]:
        return task.anywhere or task.links


class ReaderOfLargeText(Reader):
    """A reader with text of twice the size."""

    name = "with text twice as large"
    max_screens = MAX_SCREENS_OF_LARGE_TEXT

    def arrive(self) -> None:
        super().arrive()
        self.page.evaluate("document.documentElement.style.fontSize = '200%'")


class ReaderByKeys(Reader):
    """A reader who follows links by their names and the Enter key, as with a screen reader."""

    name = "by ear and keyboard"

    def follow(self, link: ElementHandle) -> None:
        link.focus()
        self.page.keyboard.press("Enter")


READERS = (Reader, Mother, ReaderInTheMiddle, ReaderOfLargeText, ReaderByKeys)


def without_figures(document: MonographDocument) -> MonographDocument:
    """Return the document without figures, whose files the test does not store."""

    def kept(section: Section) -> Section:
        parts = tuple(part for part in section.parts if not isinstance(part, Figure))
        return section.model_copy(update={"parts": parts})

    return document.model_copy(update={"sections": tuple(map(kept, document.sections))})


@pytest.fixture
def page(chromium: Browser, live_server: Any, traffic: Any) -> Iterator[Page]:
    publish(home())
    publish(without_figures(MONOGRAPH))
    context = chromium.new_context(
        base_url=live_server.url,
        viewport={"width": 390, "height": HEIGHT},
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    errors = ScriptErrors(context)
    yield context.new_page()
    context.close()
    traffic.wait_until_idle()
    assert not errors.unexpected()


def test_every_reader_finds_every_answer_in_two_taps_and_three_screens(page: Page) -> None:
    faults, lines = [], []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for reader_type in READERS:
            reader = reader_type(page, MONOGRAPH.path)
            reader.arrive()
            for task in TASKS:
                walk = reader.walk(task)
                line = f"{width} px | {reader.name} | {task.question} | {walk.taps} taps | "
                line += f"{walk.screens:.1f} screens | {walk.seconds:.1f} s | {walk.dead_end or 'found'}"
                lines.append(line)
                if walk.dead_end or walk.taps > MAX_TAPS or walk.screens > reader.max_screens:
                    faults.append(line)
    sys.stdout.write("\n".join(["", *lines, ""]))
    assert not faults, "\n".join(faults)


def test_a_fever_takes_one_tap_and_no_scrolling_past_it(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.goto(MONOGRAPH.path)
        page.get_by_role("link", name="Fever?").click()
        fever = page.get_by_role("heading", name="Fever", exact=True)
        page.evaluate(LAID_OUT)
        box, bar = fever.bounding_box(), page.locator(".shortcuts").bounding_box()
        assert box is not None
        assert bar is not None
        assert bar["y"] + bar["height"] <= box["y"] < HEIGHT / 2


def test_help_and_contents_stay_in_sight_to_the_end(page: Page) -> None:
    page.goto(MONOGRAPH.path)
    for part in (0.25, 0.5, 0.75):
        page.evaluate("part => scrollTo(0, document.documentElement.scrollHeight * part)", part)
        for name in (CONTENTS, HELP):
            box = page.get_by_role("link", name=name, exact=True).bounding_box()
            assert box is not None
            assert 0 <= box["y"] < 60
            assert box["height"] >= 24


def test_the_section_in_view_is_named_at_the_top_and_marked_in_the_contents(page: Page) -> None:
    page.goto(f"{MONOGRAPH.path}#who-should-take-it")
    expect(page.locator("#who-should-take-it h2")).to_be_in_viewport()
    page.evaluate(LAID_OUT)
    page.evaluate("scrollBy(0, 60)")
    box = page.locator("#who-should-take-it h2").bounding_box()
    assert box is not None
    assert 40 <= box["y"] < 70
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{MONOGRAPH.path}#living-with-it")
    marked = page.locator(".contents a:target-current")
    expect(marked).to_have_text(["Living with it"])  # waits: the page may still be scrolling


def test_a_link_into_a_fold_opens_it(page: Page) -> None:
    page.goto(MONOGRAPH.path)
    cough = page.get_by_role("heading", name="Cough", exact=True)
    expect(cough).to_be_hidden()
    page.goto(f"{MONOGRAPH.path}#effect-cough")
    expect(cough).to_be_visible()
    expect(page.get_by_role("heading", name="Fever", exact=True)).to_be_visible()  # danger is never folded


def test_paper_is_unfolded(page: Page) -> None:
    page.emulate_media(media="print")
    page.goto(MONOGRAPH.path)
    for name in ("Cough", "Itch", "Headache"):
        box = page.get_by_role("heading", name=name, exact=True).bounding_box()
        assert box is not None
        assert box["height"] > 0
    assert not page.locator("summary").first.is_visible()
    assert not page.locator(".shortcuts").is_visible()
    assert not page.locator(".quick-links").is_visible()
