from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "machi.engines.documents"
    label = "documents"
