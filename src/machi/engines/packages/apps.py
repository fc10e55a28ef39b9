from django.apps import AppConfig


class PackagesConfig(AppConfig):
    name = "machi.engines.packages"
    label = "packages"
