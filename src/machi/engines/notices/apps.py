"""What the city says to people: templates, inbox, mail."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "machi.engines.notices"
    label = "notices"

    def ready(self):
        from machi.engines.definitions.define import register as register_kind
        from machi.engines.effects.define import register as register_port

        from .define import NOTICE
        from .mail import MAIL

        register_kind(NOTICE)
        register_port(MAIL)
