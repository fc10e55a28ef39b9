from django.apps import AppConfig


class FilingConfig(AppConfig):
    name = "machi.engines.filing"
    label = "filing"

    def ready(self):
        from machi.engines.definitions.define import Kind
        from machi.engines.definitions.define import register as register_kind
        from machi.engines.effects.define import register as register_port
        from machi.engines.filing.compile import compile_plan, plan_compat
        from machi.engines.filing.define import FilePlan
        from machi.engines.filing.jobs import DISPOSE

        register_kind(Kind(name="file_plan", model=FilePlan, compile=compile_plan, compat=plan_compat))
        register_port(DISPOSE)
