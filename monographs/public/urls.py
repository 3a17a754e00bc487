"""Public addresses."""

from django.urls import include, path, re_path

from monographs.public import feed, file_views, sitemap, views
from monographs.public.changes_view import changes
from monographs.public.feedback_form import helpful, thanks
from monographs.public.leaflet_pdf.views import LARGE_NAME, USUAL_NAME, leaflet
from monographs.public.search import views as finding

app_name = "public"

urlpatterns = [
    path("", views.page, name="home"),
    path("medicines/", views.page, name="medicines"),
    path("medicines/<slug:slug>/", views.medicine, name="medicine"),
    path("medicines/<slug:slug>/editions/", views.history, name="history"),
    path("medicines/<slug:slug>/editions/<int:number>/", views.edition, name="edition"),
    path("medicines/<slug:slug>/changes/<int:before>/<int:after>/", changes, name="changes"),
    path("medicines/<slug:slug>/helpful/", helpful, name="helpful"),
    path("medicines/<slug:slug>/helpful/thanks/", thanks, name="helpful_thanks"),
    path("medicines/<slug:slug>/leaflet.pdf", leaflet, {"name": USUAL_NAME}, name="leaflet"),
    path("medicines/<slug:slug>/leaflet-large.pdf", leaflet, {"name": LARGE_NAME}, name="leaflet_large"),
    path("medicines/<slug:slug>/editions/<int:number>/leaflet.pdf", leaflet, {"name": USUAL_NAME}),
    path("medicines/<slug:slug>/editions/<int:number>/leaflet-large.pdf", leaflet, {"name": LARGE_NAME}),
    path("classes/", views.page, name="classes"),
    path("classes/<slug:slug>/", views.page, name="class"),
    path("conditions/", views.page, name="conditions"),
    path("conditions/<slug:slug>/", views.page, name="condition"),
    path("about/<slug:slug>/", views.page, name="about"),
    path("search/", finding.search_page, name="search"),
    path("search/suggest", finding.suggestions, name="suggest"),
    path("figures/<str:file_name>", file_views.figure, name="figure"),
    path("robots.txt", file_views.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemap.part, name="sitemap-part"),
    path("updates.atom", feed.updates, name="updates"),
    re_path(r"^api(?:/|$)", include("monographs.public.api.urls")),
]
