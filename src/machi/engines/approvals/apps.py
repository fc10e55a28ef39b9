from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "machi.engines.approvals"
    label = "approvals"

    def ready(self):
        from machi.engines.approvals.compile import compile_route, test_route
        from machi.engines.approvals.define import Route
        from machi.engines.approvals.jobs import PASS_OVER
        from machi.engines.definitions.define import Kind, register
        from machi.engines.effects.define import register_job

        register(Kind(name="route", model=Route, compile=compile_route, test=test_route))
        register_job(PASS_OVER)
