from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "machi.engines.documents"
    label = "documents"

    def ready(self):
        from machi.engines.definitions.define import register
        from machi.engines.documents.compile import DOCUMENT
        from machi.engines.documents.jobs import PORT
        from machi.engines.effects.define import register as register_port

        register(DOCUMENT)
        register_port(PORT)
