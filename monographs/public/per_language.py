"""Short texts that depend on nothing but their parameters and the language, each made once."""

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from django.utils.translation import get_language

P = ParamSpec("P")
T = TypeVar("T")
#: Texts of a function that are kept.
_KEPT = 4096


def per_language(make: Callable[P, T]) -> Callable[P, T]:
    """Decorate a function that returns a text in the active language: it is kept by language."""

    @lru_cache(maxsize=_KEPT)
    def kept(language: str | None, *values: Hashable, **named: Hashable) -> T:
        return make(*values, **named)  # type: ignore[arg-type]  # those of ``wrapped``

    @wraps(make)
    def wrapped(*values: P.args, **named: P.kwargs) -> T:
        return kept(get_language(), *values, **named)  # type: ignore[arg-type]  # hashable, as said above

    return wrapped
