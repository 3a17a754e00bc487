"""The environment as settings read it: the same value for every program that sets it.

Docker's ``--env-file`` leaves quotation marks and spaces around a value, which systemd and Compose remove.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError
from psycopg.pq import Conninfo

_QUOTES = ("'", '"')
#: Of a database, beside those of libpq (Django, Databases, PostgreSQL notes).
_OPTIONS_OF_DJANGO = {"assume_role", "isolation_level", "pool", "server_side_binding"}


class Environment(Env):
    """The environment variables of this process. Raises ``ImproperlyConfigured`` or ``EnvError``."""

    def _get_value(self, env_key: str, default: Any) -> Any:
        found = super()._get_value(env_key, default)
        if not isinstance(found, str) or found is default:
            return found
        value = found.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in _QUOTES:
            raise ImproperlyConfigured(
                f"{env_key} begins and ends with a quotation mark, which would be a part of it. Remove both."
            )
        return value

    def items(self, name: str, default: Sequence[str] = ()) -> list[str]:
        """The parts of a list that is written with commas; spaces and empty parts are left out."""
        given = self.str(name, ",".join(default)).split(",")
        return [part.strip() for part in given if part.strip()]

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        return int(self._in_range(name, self.int(name, default), least, most))

    def seconds(self, name: str, default: float, *, most: float) -> float:
        """A length of time from 0 to ``most`` seconds."""
        return self._in_range(name, self.float(name, default), 0, most)

    def _in_range(self, name: str, value: float, least: float, most: float) -> float:
        if not least <= value <= most:
            raise ImproperlyConfigured(f"{name}={value:g} is not in the range from {least:g} to {most:g}.")
        return value

    def database(self, name: str, **options: Any) -> dict[str, Any]:
        """Django's settings of a PostgreSQL database. Its messages have nothing of the address."""
        try:
            found: dict[str, Any] = dict(self.dj_db_url(name, **options))
        except EnvValidationError:
            found = {}
        if found.get("ENGINE") != "django.db.backends.postgresql" or not found.get("NAME"):
            raise ImproperlyConfigured(
                f"{name} must name a PostgreSQL database: postgresql://user:password@host:5432/name. In a "
                "name or password, write characters such as / and # as %2F and %23."
            )
        known = {option.keyword.decode() for option in Conninfo.get_defaults()} | _OPTIONS_OF_DJANGO
        if unknown := found.get("OPTIONS", {}).keys() - known:
            raise ImproperlyConfigured(
                f"{name}: PostgreSQL knows no option {', '.join(sorted(unknown))}. TLS is ?sslmode=require."
            )
        return found


env = Environment()
