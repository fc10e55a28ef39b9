from django.apps import AppConfig


class DefinitionsConfig(AppConfig):
    name = "machi.engines.definitions"
    label = "definitions"
