"""The list of site checks, and running them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.checks import ERROR, WARNING, CheckMessage, Error
from django.db import DatabaseError

CheckFunction = Callable[[], Iterable[CheckMessage]]


@dataclass(frozen=True)
class SiteCheck:
    """A check; its title says what is right when it finds nothing."""

    name: str
    title: str
    at_start: bool
    #: What `/readyz` says if the check finds an error, because the process should then serve nobody; or ''.
    unfit: str
    #: Whether each `/readyz`, the status page and the metrics run it: it takes a millisecond or so.
    is_quick: bool
    #: Whether it asks other servers, each of which may take seconds to answer.
    asks_servers: bool
    #: The section, listed in docs/operators.md, that says what to do.
    manual: str
    function: CheckFunction

    def run(self) -> list[CheckMessage]:
        """Return what is wrong. What the function raises is wrong, too."""
        try:
            return list(self.function())
        except DatabaseError as error:
            return [Error(f"Not checked: {first_line(error)}", hint=DATABASE_HINT)]
        except Exception as error:  # one check that fails must not hide the others
            return [
                Error(
                    f"The check itself failed: {type(error).__name__}: {error}",
                    hint="Report this, with the message.",
                )
            ]


def first_line(error: Exception) -> str:
    """Return the first line of a server's message."""
    return str(error).strip().partition("\n")[0]


#: From best to worst.
STATUSES = ("ok", "warning", "error")


def status_of(messages: list[CheckMessage]) -> str:
    """Return the worst status of what a check found."""
    worst = max((message.level for message in messages), default=0)
    return "error" if worst >= ERROR else "warning" if worst >= WARNING else "ok"


CHECKS: list[SiteCheck] = []
DATABASE_HINT = "Compare DATABASE_URL with the server's address, and see whether the server runs."


def site_check(
    *,
    at_start: bool = False,
    unfit: str = "",
    is_quick: bool = False,
    asks_servers: bool = False,
    manual: str = "Doctor",
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a function that yields what is wrong; the first line of its docstring is the title.

    ``at_start``: an error keeps the service from starting. Only for what is wrong for as long as the process
    runs, and what can be found out without another server. ``unfit``: an error makes `/readyz` answer 503
    with these words, so only for what makes this process useless for readers; such a check is quick, too.
    ``asks_servers``: it runs in a thread beside the others that do, and for a limited time.
    """

    def register(function: CheckFunction) -> CheckFunction:
        title = (function.__doc__ or "").partition("\n")[0]
        quick = is_quick or bool(unfit)
        CHECKS.append(
            SiteCheck(function.__name__, title, at_start, unfit, quick, asks_servers, manual, function)
        )
        return function

    return register
