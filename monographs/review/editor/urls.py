"""URLs that the editor's script requests, below /admin/review/editor/."""

from django.urls import path

from monographs.review.editor import passage_views, views
from monographs.review.editor.kept_text_view import KeptTextView
from monographs.review.editor.label_reference import LabelFetchView, LabelReferenceView
from monographs.review.editor.section_changes import SectionChangesView
from monographs.review.editor.suggestion_view import SuggestionActionView

app_name = "editor"

urlpatterns = [
    path(
        "new/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/",
        views.FindingsOnCreate.as_view(),
        name="findings_on_create",
    ),
    path("<int:page_id>/", views.FindingsOnEdit.as_view(), name="findings"),
    path("<int:page_id>/changes/<slug:anchor>/", SectionChangesView.as_view(), name="changes"),
    path("<int:page_id>/kept-text/", KeptTextView.as_view(), name="kept_text"),
    path("<int:page_id>/label/", LabelFetchView.as_view(), name="label_fetch"),
    path("<int:page_id>/label/<slug:section>/", LabelReferenceView.as_view(), name="label"),
    path("<int:page_id>/overrule/", views.OverrideView.as_view(), name="overrule"),
    path("<int:page_id>/dictionary/", views.AddWordView.as_view(), name="dictionary"),
    path("<int:page_id>/passages/", passage_views.PassagesView.as_view(), name="passages"),
    path("<int:page_id>/cite/", passage_views.CiteView.as_view(), name="cite"),
    path("<int:page_id>/suggestions/<int:suggestion>/", SuggestionActionView.as_view(), name="suggestion"),
    path("<int:page_id>/notes/<int:note>/", views.NoteActionView.as_view(), name="note"),
]
