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

    always = frozenset(["edit", "submit", "sign_somehow", "sign_rightly", "sign_own", "go_through"])
    edit_2 = edit_3 = Writing.edit
    submit_2 = submit_3 = submit_4 = Reviewing.submit
    go_through_2 = go_through_3 = Reviewing.go_through
    sign_somehow_2 = sign_somehow_3 = sign_somehow_4 = Reviewing.sign_somehow
    sign_rightly_2 = sign_rightly_3 = Reviewing.sign_rightly
    sign_own_2 = sign_own_3 = Reviewing.sign_own
    rewrite_a_revision_2 = Attacking.rewrite_a_revision
    repair_the_house_2 = Housekeeping.repair_the_house
