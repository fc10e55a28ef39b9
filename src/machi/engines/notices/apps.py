from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "machi.engines.notices"
    label = "notices"
