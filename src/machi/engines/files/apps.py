from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "machi.engines.files"
    label = "files"
