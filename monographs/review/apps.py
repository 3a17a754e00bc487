from django.apps import AppConfig
from django.db.models.signals import post_save


class ReviewConfig(AppConfig):
    name = "monographs.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only now; some of these modules connect signals by being imported
        from monographs.blocks.standard_text_block import signed_texts  # noqa: PLC0415
        from monographs.editions.models import Publication  # noqa: PLC0415
        from monographs.label_watch.followed_labels import further_labels  # noqa: PLC0415
        from monographs.label_watch.mass_absence import labels_vanished  # noqa: PLC0415
        from monographs.label_watch.models import LabelNotice, UpdateTask  # noqa: PLC0415
        from monographs.review import signer_signals  # noqa: F401, PLC0415
        from monographs.review.contributors import direct  # noqa: F401, PLC0415
        from monographs.review.dashboard import stage_names  # noqa: PLC0415
        from monographs.review.labels_of_pages.draft_labels import draft_labels  # noqa: PLC0415
        from monographs.review.notifications import about_labels  # noqa: PLC0415
        from monographs.review.notifications.about_sources import notify_of_source  # noqa: PLC0415
        from monographs.review.replacement import draft_versions  # noqa: F401, PLC0415
        from monographs.review.sources_of_pages import source_record, source_tasks  # noqa: F401, PLC0415
        from monographs.review.standard_texts.signed_lookup import find_signed_text  # noqa: PLC0415
        from monographs.review.wagtail_integration import (  # noqa: PLC0415
            action_log,
            blocked_routes,  # noqa: F401
            kept_revisions,  # noqa: F401
            page_deletion,
            page_index,
            page_lists,
            page_permissions,
            spreadsheets,
            workflow_emails,
            workflow_signals,  # noqa: F401
        )
        from monographs.source_library.models import SourceTask  # noqa: PLC0415

        for model, notify in (
            (UpdateTask, about_labels.notify_of_label_change),
            (LabelNotice, about_labels.notify_of_label_notice),
            (SourceTask, notify_of_source),
        ):
            post_save.connect(notify, sender=model, dispatch_uid=f"notify of each {model.__name__}")
        labels_vanished.connect(
            about_labels.notify_of_vanished_labels, dispatch_uid="notify of vanished labels"
        )
        post_save.connect(
            source_tasks.close_answered_source_tasks,
            sender=Publication,
            dispatch_uid="close answered source tasks",
        )
        further_labels.extend([draft_labels, source_tasks.library_labels])
        signed_texts.append(find_signed_text)
        action_log.log_action_refusals()
        page_deletion.guard_deletions()
        page_index.connect()
        page_permissions.replace_page_permissions()
        page_lists.replace_list_annotations()
        spreadsheets.escape_formulas()
        stage_names.replace_status_strings()
        workflow_emails.replace_workflow_notifiers()
