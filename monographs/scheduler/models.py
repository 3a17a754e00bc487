"""The state of each job: when it is due, and the result of its last run."""

from django.db import models


class JobState(models.Model):
    """The state of one job, shared by all schedulers. Without a row, the job never ran and is due."""

    name = models.CharField(max_length=40, primary_key=True)
    next_due = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    #: Empty or before ``started_at`` while the job runs, and after a process that was killed.
    finished_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    #: Since the last success.
    consecutive_failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    result = models.CharField(max_length=500, blank=True)
    #: Host and process that ran it last.
    runner = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def has_begun(self) -> bool:
        """Whether a run has begun that has not ended, or never will because its process was killed."""
        return bool(self.started_at and (not self.finished_at or self.finished_at < self.started_at))
