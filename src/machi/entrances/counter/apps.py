from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "machi.entrances.counter"
    label = "counter"

    def ready(self):
        from machi.engines.effects.define import register, register_job
        from machi.entrances.counter.jobs import JOBS, READING

        register(READING)
        for job in JOBS:
            register_job(job)
