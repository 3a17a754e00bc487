"""URLs of bundles, below /admin/bundles/."""

from django.urls import path

from monographs.review.bundles import bundle_claims, bundle_notes, bundle_views, replace_views

app_name = "bundles"

urlpatterns = [
    path("", bundle_views.BundlesView.as_view(), name="list"),
    path("replace/", replace_views.FindReplaceView.as_view(), name="replace"),
    path("<int:pk>/", bundle_views.BundleView.as_view(), name="bundle"),
    path("<int:pk>/texts/<int:text>/", bundle_views.BundleTextView.as_view(), name="text"),
    path("<int:pk>/claim/", bundle_claims.ClaimBundleView.as_view(), name="claim"),
    path("<int:pk>/looking/", bundle_claims.LookingAtBundleView.as_view(), name="looking"),
    path("<int:pk>/notes/", bundle_notes.NoteOnTextView.as_view(), name="note"),
    path("<int:pk>/mark/", bundle_views.MarkTextView.as_view(), name="mark"),
    path("<int:pk>/mark-same/", bundle_views.MarkSameView.as_view(), name="mark_same"),
    path("<int:pk>/add/", bundle_views.AddTextsView.as_view(), name="add"),
    path("<int:pk>/checklist/", bundle_views.BundleChecklistView.as_view(), name="checklist"),
    path("<int:pk>/sign/", bundle_views.SignBundleView.as_view(), name="sign"),
    path("<int:pk>/return/", bundle_views.ReturnBundleView.as_view(), name="return"),
    path("<int:pk>/take-out/", bundle_views.TakeOutView.as_view(), name="take_out"),
]
