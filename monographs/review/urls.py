"""URLs of the review screens, below /admin/review/."""

from django.urls import include, path

from monographs.review import screens
from monographs.review.outside_review.expert_records_views import OutsideExpertsView
from monographs.review.outside_review.link_views import OutsideLinksView

app_name = "review"

urlpatterns = [
    path("", screens.QueueView.as_view(), name="queue"),
    path("editor/", include("monographs.review.editor.urls")),
    path("draft-set-aside/", include("monographs.review.set_aside.urls")),
    path("submit/<int:page_id>/", screens.SubmitView.as_view(), name="submit"),
    path("dictionary/", screens.DictionaryView.as_view(), name="dictionary"),
    path("remedy/<int:page_id>/", screens.RemedyView.as_view(), name="remedy"),
    path("record/<uuid:key>/", screens.RecordView.as_view(), name="record"),
    path("record/<uuid:key>/withdraw/", screens.WithdrawView.as_view(), name="withdraw"),
    path("record/<uuid:key>/retire/", screens.ProposeRetirementView.as_view(), name="propose_retirement"),
    path(
        "record/<uuid:key>/retire/<int:proposal>/sign/",
        screens.SignRetirementView.as_view(),
        name="sign_retirement",
    ),
    path(
        "record/<uuid:key>/retire/<int:proposal>/decline/",
        screens.DeclineRetirementView.as_view(),
        name="decline_retirement",
    ),
    path("record/<uuid:key>/conflicts/", screens.ConflictsView.as_view(), name="conflicts"),
    path("record/<uuid:key>/conflicts/<int:pk>/end/", screens.EndConflictView.as_view(), name="end_conflict"),
    path("record/<uuid:key>/place/<slug:anchor>/", screens.PublicPlaceView.as_view(), name="public_place"),
    path("record/<uuid:key>/people/", screens.MentionNamesView.as_view(), name="mention_names"),
    path("record/<uuid:key>/restore/", screens.RestoreView.as_view(), name="restore"),
    path("compare/<uuid:key>/", screens.CompareChoiceView.as_view(), name="compare_choice"),
    path("compare/<uuid:key>/<str:a>/<str:b>/", screens.CompareView.as_view(), name="compare"),
    path(
        "compare/<uuid:key>/<str:a>/<str:b>/redline.html",
        screens.RedlineFileView.as_view(),
        name="redline_html",
    ),
    path(
        "compare/<uuid:key>/<str:a>/<str:b>/redline.pdf", screens.RedlinePdfView.as_view(), name="redline_pdf"
    ),
    path(
        "compare/<uuid:key>/<str:a>/<str:b>/redline.docx",
        screens.RedlineWordView.as_view(),
        name="redline_word",
    ),
    path("word/<uuid:key>/", screens.WordReturnView.as_view(), name="word_return"),
    path("word/<uuid:key>/<str:name>/text.docx", screens.WordFileView.as_view(), name="word_file"),
    path("workflow-changes/", screens.WorkflowChangesView.as_view(), name="workflow_changes"),
    path("workflow-changes/<int:pk>/", screens.WorkflowChangeDecisionView.as_view(), name="workflow_change"),
    path("suggestions/", screens.SuggestionExemptionView.as_view(), name="suggestion_exemption"),
    path("help/<slug:topic>/", screens.HelpView.as_view(), name="help"),
    path("help/pictures/<str:name>", screens.HelpPictureView.as_view(), name="help_picture"),
    path("outside-experts/", OutsideExpertsView.as_view(), name="outside_experts"),
    path("signers/", screens.SignersView.as_view(), name="signers"),
    path("signers/<slug:kind>/<int:pk>/", screens.ConfirmView.as_view(), name="confirm"),
    path("<int:pk>/", screens.ReviewView.as_view(), name="review"),
    path("<int:pk>/document/", screens.DocumentView.as_view(), name="document"),
    path("<int:pk>/figures/<str:file_name>", screens.FigureView.as_view(), name="figure"),
    path("<int:pk>/claim/", screens.ClaimView.as_view(), name="claim"),
    path("<int:pk>/looking/", screens.LookingView.as_view(), name="looking"),
    path("<int:pk>/mark/", screens.MarkView.as_view(), name="mark"),
    path("<int:pk>/checklist/", screens.TickView.as_view(), name="checklist"),
    path("<int:pk>/notes/", screens.NoteView.as_view(), name="notes"),
    path("<int:pk>/notes/<int:note>/", screens.NoteAnswerView.as_view(), name="note"),
    path("<int:pk>/suggest/", screens.SuggestView.as_view(), name="suggest"),
    path(
        "<int:pk>/suggest/<slug:section>/", screens.PassagesToChangeView.as_view(), name="passages_to_change"
    ),
    path("<int:pk>/suggestions/<int:suggestion>/", screens.SuggestionAnswerView.as_view(), name="suggestion"),
    path("<int:pk>/outside/", OutsideLinksView.as_view(), name="outside_links"),
    path("<int:pk>/sign/", screens.SignView.as_view(), name="sign"),
    path("<int:pk>/return/", screens.ReturnView.as_view(), name="return"),
    path("<int:pk>/recall/", screens.RecallView.as_view(), name="recall"),
]
