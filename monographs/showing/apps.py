from django.apps import AppConfig


class ShowingConfig(AppConfig):
    name = "monographs.showing"
    label = "showing"
