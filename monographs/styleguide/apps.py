from django.apps import AppConfig


class StyleguideConfig(AppConfig):
    name = "monographs.styleguide"
    label = "styleguide"
