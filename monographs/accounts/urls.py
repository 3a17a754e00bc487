"""URLs of the second factor, below /admin/second-factor/."""

from django.urls import path

from monographs.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.SecondFactorView.as_view(), name="second_factor"),
    path("code/", views.CodeView.as_view(), name="code"),
    path("recovery-codes/", views.RecoveryCodesView.as_view(), name="recovery_codes"),
    path("remove/", views.RemoveSecondFactorView.as_view(), name="remove"),
    path("groups/", views.RequiredGroupsView.as_view(), name="groups"),
]
