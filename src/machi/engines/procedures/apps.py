from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "machi.engines.procedures"
    label = "procedures"
