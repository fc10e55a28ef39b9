from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "machi.house"
    label = "house"
