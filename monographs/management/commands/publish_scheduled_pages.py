"""The older name of Wagtail for ``publish_scheduled``."""

from monographs.management.commands.publish_scheduled import Command as PublishScheduled


class Command(PublishScheduled):
    help = PublishScheduled.help
