from django.apps import AppConfig


class BuilderConfig(AppConfig):
    name = "machi.entrances.builder"
    label = "builder"
