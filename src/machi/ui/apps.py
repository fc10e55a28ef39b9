from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "machi.ui"
    label = "ui"
