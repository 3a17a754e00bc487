"""Addresses of the review below /admin/review/."""

from django.urls import include, path

from monographs.review import views

app_name = "review"

urlpatterns = [
    path("", views.QueueView.as_view(), name="queue"),
    path("editor/", include("monographs.review.editor.urls")),
    path("submit/<int:page_id>/", views.SubmitView.as_view(), name="submit"),
    path("record/<uuid:key>/", views.RecordView.as_view(), name="record"),
    path("record/<uuid:key>/withdraw/", views.WithdrawView.as_view(), name="withdraw"),
    path("record/<uuid:key>/restore/", views.RestoreView.as_view(), name="restore"),
    path("compare/<uuid:key>/", views.CompareChoiceView.as_view(), name="compare_choice"),
    path("compare/<uuid:key>/<str:a>/<str:b>/", views.CompareView.as_view(), name="compare"),
    path(
        "compare/<uuid:key>/<str:a>/<str:b>/redline.html",
        views.RedlineFileView.as_view(),
        name="redline_html",
    ),
    path(
        "compare/<uuid:key>/<str:a>/<str:b>/redline.pdf", views.RedlinePdfView.as_view(), name="redline_pdf"
    ),
    path("help/<slug:topic>/", views.HelpView.as_view(), name="help"),
    path("help/pictures/<str:name>", views.HelpPictureView.as_view(), name="help_picture"),
    path("<int:pk>/", views.ReviewView.as_view(), name="review"),
    path("<int:pk>/document/", views.DocumentView.as_view(), name="document"),
    path("<int:pk>/figures/<str:file_name>", views.FigureView.as_view(), name="figure"),
    path("<int:pk>/mark/", views.MarkView.as_view(), name="mark"),
    path("<int:pk>/checklist/", views.TickView.as_view(), name="checklist"),
    path("<int:pk>/notes/", views.NoteView.as_view(), name="notes"),
    path("<int:pk>/notes/<int:note>/", views.NoteAnswerView.as_view(), name="note"),
    path("<int:pk>/sign/", views.SignView.as_view(), name="sign"),
    path("<int:pk>/return/", views.ReturnView.as_view(), name="return"),
    path("<int:pk>/recall/", views.RecallView.as_view(), name="recall"),
]
