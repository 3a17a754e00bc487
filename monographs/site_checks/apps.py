from django.apps import AppConfig


class SiteChecksConfig(AppConfig):
    name = "monographs.site_checks"
    label = "site_checks"
