from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "machi.entrances.exchange"
    label = "exchange"
