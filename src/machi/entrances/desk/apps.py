from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "machi.entrances.desk"
    label = "desk"
