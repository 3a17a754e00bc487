"""A first step of setting up a site: what is missing, and where to do it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from home.first_steps.site_facts import SiteFacts


@dataclass(frozen=True)
class StepPlace:
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
    places: tuple[StepPlace, ...]
    #: Whether a site can do without it.
    optional: bool = False

    @property
    def done(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


Missing = Callable[[SiteFacts], Iterator[str]]
Places = Callable[[SiteFacts], Iterator[StepPlace]]


@dataclass(frozen=True)
class StepRule:
    """The functions that find what is missing for a step and where to do it."""

    key: str
    title: str
    why: str
    missing: Missing
    places: Places
    optional: bool = False

    def step(self, facts: SiteFacts) -> Step:
        """Return the step as it is now."""
        missing, places = tuple(self.missing(facts)), tuple(self.places(facts))
        return Step(self.key, self.title, self.why, missing, places, self.optional)
