"""Rules of editors and superusers: groups, accounts, workflow steps."""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone
from hypothesis import strategies as st
from wagtail.models import Workflow, WorkflowTask

from home.site_setup import set_up_site
from monographs.review.models import MedicalReviewTask, ReviewerProfile
from tests.stateful import admin_client
from tests.stateful.actors import PEOPLE, REVIEWERS, SECOND
from tests.stateful.base import machine_rule, people
from tests.stateful.oracle_submissions import require
from tests.stateful.people_rules import PeopleRules, reviewers

#: Everything about steps of review that people decide.
_ARRANGEMENT = """
    SELECT t.name, t.active, r.signatures, w.workflow_id, w.sort_order, p.page_id, g.group_id
    FROM wagtailcore_task t JOIN review_medicalreviewtask r ON r.task_ptr_id = t.id
    LEFT JOIN wagtailcore_workflowtask w ON w.task_id = t.id
    LEFT JOIN wagtailcore_workflowpage p ON p.workflow_id = w.workflow_id
    LEFT JOIN wagtailcore_groupapprovaltask_groups g ON g.groupapprovaltask_id = t.id
    ORDER BY 1, 4, 6, 7
"""


class AdminRules(PeopleRules):
    """Changes of groups, accounts and steps during reviews."""

    @machine_rule(who=people, group=st.sampled_from([REVIEWERS, SECOND, "Medical writers"]))
    def change_membership(self, who: str, group: str) -> None:
        """Add a user to a group or remove them."""
        account, row = self.account(who), Group.objects.get(name=group)
        if group in self.organisation.members[who]:
            account.groups.remove(row)
            self.organisation.members[who].discard(group)
        else:
            account.groups.add(row)
            self.organisation.members[who].add(group)
        self.mark_disturbed()

    @machine_rule(who=reviewers)
    def change_account(self, who: str) -> None:
        """Deactivate an account or activate it again; at most two are inactive."""
        inactive = self.organisation.inactive
        if who in inactive:
            inactive.discard(who)
        elif len(inactive) < 2:
            inactive.add(who)
        account = self.account(who)
        account.is_active = who not in inactive
        account.save()

    @machine_rule(who=reviewers)
    def change_credentials(self, who: str) -> None:
        """Let credentials expire, or remove their expiry."""
        gone = who not in self.organisation.expired
        self.organisation.expired ^= {who}
        profile = ReviewerProfile.objects.get(user__username=who)
        profile.expires_on = timezone.now().date() - timedelta(days=1) if gone else None
        profile.save()

    @machine_rule(who=people, step=st.integers(0, 1), way=st.sampled_from(["disable", "enable"]))
    def change_task(self, who: str, step: int, way: str) -> str:
        """Disable or enable a step in Wagtail's admin, also during review."""
        task = MedicalReviewTask.objects.get(name=self.organisation.steps[step].name)
        self.actor(who).post(f"workflows/tasks/{way}/{task.pk}/")
        self._read_steps()
        return who

    @machine_rule(step=st.integers(0, 1), wanted=st.integers(1, 2))
    def change_signatures(self, step: int, wanted: int) -> None:
        """Require one signature or two."""
        MedicalReviewTask.objects.filter(name=self.organisation.steps[step].name).update(signatures=wanted)
        self._read_steps()

    @machine_rule(use=st.booleans())
    def change_second_step(self, use: bool) -> None:
        """Add or remove the second step."""
        workflow = Workflow.objects.get(name="Medical review")
        task = MedicalReviewTask.objects.get(name=self.organisation.steps[1].name)
        WorkflowTask.objects.filter(workflow=workflow, task=task).delete()
        if use:
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
        self._read_steps()

    @machine_rule()
    def set_up_again(self) -> None:
        """Run set-up, as every release does: it undoes nothing that people decided."""
        before = admin_client.rows(_ARRANGEMENT)
        set_up_site()
        require(admin_client.rows(_ARRANGEMENT) == before, "set-up changed the steps of review")

    @machine_rule()
    def repair_setup(self) -> None:
        """Restore the initial setup, so that texts can be signed again.

        Emil recalls what cannot be signed any more because its rows were written to.
        """
        for step in self.organisation.steps:
            task = MedicalReviewTask.objects.get(name=step.name)
            MedicalReviewTask.objects.filter(pk=task.pk).update(signatures=1, active=True)
        for name in list(self.organisation.inactive):
            self.change_back(name)
        ReviewerProfile.objects.update(expires_on=None)
        self.organisation.expired.clear()
        for name, groups in PEOPLE.items():
            self.account(name).groups.set(Group.objects.filter(name__in=groups))
            self.organisation.members[name] = set(groups)
        self._read_steps()
        self.organisation.signers.read(admin_client.signers(), "")
        self.confirm_everybody()
        for sent in self.open_submissions():
            if sent["uuid"] in self.tampered or sent["key"] in self.rewritten:
                self.actor("emil").post(f"review/{sent['id']}/recall/", reason="Tampered with.")

    def change_back(self, name: str) -> None:
        """Activate an account."""
        account = self.account(name)
        account.is_active = True
        account.save()
        self.organisation.inactive.discard(name)

    def _read_steps(self) -> None:
        """Read the present steps from the database."""
        found = admin_client.rows(
            "SELECT t.name, t.active, r.signatures, EXISTS (SELECT 1 FROM wagtailcore_workflowtask w "
            "WHERE w.task_id = t.id) AS used FROM wagtailcore_task t "
            "JOIN review_medicalreviewtask r ON r.task_ptr_id = t.id"
        )
        by_name = {row["name"]: row for row in found}
        for step in self.organisation.steps:
            row = by_name[step.name]
            step.active, step.used, step.signatures = row["active"], row["used"], row["signatures"]
        self.mark_disturbed()
