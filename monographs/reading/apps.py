from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "monographs.reading"
    label = "reading"
