"""What the checks of a site find."""

from django.core.checks import CheckMessage

from monographs.site_checks.all_checks import CHECKS


def messages(name: str) -> list[CheckMessage]:
    """What the check of this name finds."""
    (check,) = [check for check in CHECKS if check.name == name]
    return check.run()


def found(name: str) -> str:
    """What the check of this name finds, and its remedies, as text."""
    return "\n".join(f"{message.msg} {message.hint}" for message in messages(name))
