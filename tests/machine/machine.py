"""Everybody, doing anything, in any order."""

from tests.machine.attacking import Attacking
from tests.machine.doors import Doors
from tests.machine.housekeeping import Housekeeping
from tests.machine.reviewing import Reviewing
from tests.machine.writing import Writing


class Foundation(Writing, Reviewing, Doors, Attacking, Housekeeping):
    """The whole foundation: writers, reviewers, editors, a superuser, and whoever can reach the database."""
