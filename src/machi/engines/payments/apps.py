from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "machi.engines.payments"
    label = "payments"
