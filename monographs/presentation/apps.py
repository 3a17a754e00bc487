from django.apps import AppConfig


class PresentationConfig(AppConfig):
    name = "monographs.presentation"
    label = "showing"
