from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "machi.entrances.api"
    label = "api"

    def ready(self):
        from machi.engines.effects.define import register
        from machi.engines.procedures.public import listen

        from .webhooks import PORT_OF_WEBHOOKS, hear

        register(PORT_OF_WEBHOOKS)
        listen(hear)
