"""A step, and what it needs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from home.first_steps.site_facts import SiteFacts


@dataclass(frozen=True)
class Way:
    """A place where something is done. ``address`` is empty for what is done outside the admin."""

    label: str
    address: str = ""


@dataclass(frozen=True)
class Step:
    """A step and its state: it is done if nothing is missing."""

    key: str
    title: str
    why: str
    missing: tuple[str, ...]
    ways: tuple[Way, ...]
    #: Whether a site can do without it.
    optional: bool = False

    @property
    def done(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


Missing = Callable[[SiteFacts], Iterator[str]]
Ways = Callable[[SiteFacts], Iterator[Way]]


@dataclass(frozen=True)
class StepRule:
    """How a step finds out what is missing and where to do it."""

    key: str
    title: str
    why: str
    missing: Missing
    ways: Ways
    optional: bool = False

    def step(self, facts: SiteFacts) -> Step:
        """Return the step as it is now."""
        missing, ways = tuple(self.missing(facts)), tuple(self.ways(facts))
        return Step(self.key, self.title, self.why, missing, ways, self.optional)
