from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "machi.entrances.counter"
    label = "counter"

    def ready(self):
        from django.contrib.auth.signals import user_logged_out

        from machi.engines.effects.define import register, register_job
        from machi.entrances.counter.actions import end_with_session
        from machi.entrances.counter.jobs import JOBS, READING

        register(READING)
        user_logged_out.connect(end_with_session, dispatch_uid="counter")
        for job in JOBS:
            register_job(job)
