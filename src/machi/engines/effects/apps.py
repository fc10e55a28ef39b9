"""Calls to the outside, after commit: outbox, timers, workers."""

from django.apps import AppConfig


class EffectsConfig(AppConfig):
    name = "machi.engines.effects"
    label = "effects"

    def ready(self):
        from .define import register, register_job
        from .jobs import JOB_PORT, PURGE

        register(JOB_PORT)
        register_job(PURGE)
