from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "machi.engines.search"
    label = "search"
