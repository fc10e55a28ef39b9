from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "machi.engines.bookings"
    label = "bookings"
