"""The state machine: every user, every rule, in any order."""

from tests.stateful.absence_rules import AbsenceRules
from tests.stateful.admin_rules import AdminRules
from tests.stateful.attack_rules import AttackRules
from tests.stateful.authorship_rules import AuthorshipRules
from tests.stateful.bundle_rules import BundleRules
from tests.stateful.bypass_rules import BypassRules
from tests.stateful.conflict_rules import ConflictRules
from tests.stateful.expert_rules import ExpertRules
from tests.stateful.label_rules import LabelRules
from tests.stateful.race_rules import RaceRules
from tests.stateful.review_rules import ReviewRules
from tests.stateful.schedule_rules import ScheduleRules
from tests.stateful.set_aside_rules import SetAsideRules
from tests.stateful.source_rules import SourceRules
from tests.stateful.unchanged_rules import UnchangedRules
from tests.stateful.writer_rules import WriterRules


class ReviewStateMachine(
    WriterRules,
    ReviewRules,
    UnchangedRules,
    BypassRules,
    ScheduleRules,
    AttackRules,
    AdminRules,
    AuthorshipRules,
    LabelRules,
    ConflictRules,
    RaceRules,
    BundleRules,
    SetAsideRules,
    ExpertRules,
    SourceRules,
    AbsenceRules,
):
    """All rules: of writers, reviewers, editors, a superuser, and code or SQL with the application's rights.

    A rule with a second name is chosen twice as often: without signed submissions the other rules would only
    act on unread drafts.
    """

    always = frozenset(["edit", "submit", "sign_somehow", "sign_rightly", "sign_own", "go_through"])
    edit_2 = edit_3 = WriterRules.edit
    submit_2 = submit_3 = submit_4 = ReviewRules.submit
    go_through_2 = go_through_3 = ReviewRules.go_through
    sign_somehow_2 = sign_somehow_3 = sign_somehow_4 = ReviewRules.sign_somehow
    sign_rightly_2 = sign_rightly_3 = ReviewRules.sign_rightly
    sign_own_2 = sign_own_3 = ReviewRules.sign_own
    forge_an_edition_2 = forge_an_edition_3 = AttackRules.forge_an_edition
    end_the_workflow_2 = end_the_workflow_3 = AttackRules.end_the_workflow_in_code
    repair_setup_2 = AdminRules.repair_setup
