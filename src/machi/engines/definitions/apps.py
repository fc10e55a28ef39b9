from django.apps import AppConfig


class DefinitionsConfig(AppConfig):
    name = "machi.engines.definitions"
    label = "definitions"

    def ready(self):
        from django.db.models.signals import post_migrate

        from .define import register
        from .kinds import KINDS
        from .queries import forget

        for kind in KINDS:
            register(kind)
        post_migrate.connect(lambda **_: forget(), weak=False, dispatch_uid="definitions.forget")
