from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "machi.entrances.api"
    label = "api"
