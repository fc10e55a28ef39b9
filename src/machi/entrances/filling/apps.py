from django.apps import AppConfig


class FillingConfig(AppConfig):
    name = "machi.entrances.filling"
    label = "filling"
