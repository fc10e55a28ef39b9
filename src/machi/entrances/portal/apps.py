from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "machi.entrances.portal"
    label = "portal"
