from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "machi.entrances.exchange"
    label = "exchange"

    def ready(self):
        from machi.engines.definitions.define import register

        from .define import KIND

        register(KIND)
