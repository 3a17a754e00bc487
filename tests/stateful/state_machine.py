"""Everybody, doing anything, in any order."""

from tests.stateful.attack_rules import Attacking
from tests.stateful.bypass_attempts import Doors
from tests.stateful.housekeeping import Housekeeping
from tests.stateful.review_rules import Reviewing
from tests.stateful.schedule_rules import Timing
from tests.stateful.writer_rules import Writing


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
    forge_an_edition_2 = forge_an_edition_3 = Attacking.forge_an_edition
    end_the_workflow_2 = end_the_workflow_3 = Attacking.end_the_workflow_in_code
    repair_the_house_2 = Housekeeping.repair_the_house
