from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "monographs.imports"
    label = "imports"
