from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "machi.engines.people"
    label = "people"
