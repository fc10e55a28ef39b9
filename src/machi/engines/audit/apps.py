from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "machi.engines.audit"
    label = "audit"
