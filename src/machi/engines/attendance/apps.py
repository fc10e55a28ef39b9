from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "machi.engines.attendance"
    label = "attendance"

    def ready(self):
        from machi.engines.attendance.jobs import JOBS
        from machi.engines.effects.define import register_job

        for job in JOBS:
            register_job(job)
