"""Wagtail's older name for the same command."""

from monographs.management.commands.publish_scheduled import Command as PublishScheduled


class Command(PublishScheduled):
    help = PublishScheduled.help
