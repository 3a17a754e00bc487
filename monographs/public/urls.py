"""URLs of the public site."""

from django.urls import include, path, re_path

from monographs.public import changes_view, feed, feedback_form, file_views, sitemap, views
from monographs.public.leaflet_pdf.views import LARGE_NAME, REGULAR_NAME, leaflet
from monographs.public.search import views as search_views

app_name = "public"

urlpatterns = [
    path("", views.page, name="home"),
    path("medicines/", views.page, name="medicines"),
    path("medicines/<slug:slug>/", views.medicine, name="medicine"),
    path("medicines/<slug:slug>/editions/", views.edition_list, name="edition_list"),
    path("medicines/<slug:slug>/editions/<int:number>/", views.edition, name="edition"),
    path("medicines/<slug:slug>/changes/<int:before>/<int:after>/", changes_view.changes, name="changes"),
    path("medicines/<slug:slug>/helpful/", feedback_form.feedback_form, name="feedback_form"),
    path("medicines/<slug:slug>/helpful/thanks/", feedback_form.feedback_thanks, name="feedback_thanks"),
    path("medicines/<slug:slug>/leaflet.pdf", leaflet, {"name": REGULAR_NAME}, name="leaflet"),
    path("medicines/<slug:slug>/leaflet-large.pdf", leaflet, {"name": LARGE_NAME}, name="large_leaflet"),
    path("medicines/<slug:slug>/editions/<int:number>/leaflet.pdf", leaflet, {"name": REGULAR_NAME}),
    path("medicines/<slug:slug>/editions/<int:number>/leaflet-large.pdf", leaflet, {"name": LARGE_NAME}),
    path("classes/", views.page, name="drug_classes"),
    path("classes/<slug:slug>/", views.page, name="drug_class"),
    path("conditions/", views.page, name="conditions"),
    path("conditions/<slug:slug>/", views.page, name="condition"),
    path("about/<slug:slug>/", views.page, name="information"),
    path("search/", search_views.search, name="search"),
    path("search/suggest", search_views.suggestions, name="suggestions"),
    path("figures/<str:file_name>", file_views.figure, name="figure"),
    path("robots.txt", file_views.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemap.sitemap_file, name="sitemap_file"),
    path("updates.atom", feed.changes_feed, name="changes_feed"),
    re_path(r"^api(?:/|$)", include("monographs.public.api.urls")),
]
