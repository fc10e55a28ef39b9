from django.apps import AppConfig


class EffectsConfig(AppConfig):
    name = "machi.engines.effects"
    label = "effects"
