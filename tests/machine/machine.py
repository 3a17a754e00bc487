"""Everybody, doing anything, in any order."""

from tests.machine.attacking import Attacking
from tests.machine.doors import Doors
from tests.machine.housekeeping import Housekeeping
from tests.machine.reviewing import Reviewing
from tests.machine.timing import Timing
from tests.machine.writing import Writing


class Foundation(Writing, Reviewing, Doors, Timing, Attacking, Housekeeping):
    """The whole foundation: writers, reviewers, editors, a superuser, and whoever can reach the database.

    A rule that has a second name is taken twice as often: without texts that are submitted and signed,
    everything else would happen to drafts nobody has read.
    """

    edit_2 = Writing.edit
    submit_2 = submit_3 = Reviewing.submit
    go_through_2 = go_through_3 = Reviewing.go_through
    sign_somehow_2 = sign_somehow_3 = sign_somehow_4 = Reviewing.sign_somehow
    sign_rightly_2 = sign_rightly_3 = Reviewing.sign_rightly
    repair_the_house_2 = Housekeeping.repair_the_house
