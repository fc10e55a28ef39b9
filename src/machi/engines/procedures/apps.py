from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "machi.engines.procedures"
    label = "procedures"

    def ready(self):
        from machi.engines.definitions.define import Kind, register
        from machi.engines.effects.define import register as register_port
        from machi.engines.effects.define import register_job
        from machi.engines.filing.define import register as register_source
        from machi.engines.procedures.compile import compile_procedure
        from machi.engines.procedures.define import Procedure
        from machi.engines.procedures.digest import PORT
        from machi.engines.procedures.filed import CASES
        from machi.engines.procedures.finding import enter_in_search
        from machi.engines.procedures.jobs import JOBS, REMINDER, TIMER
        from machi.engines.procedures.scenarios import compatibility, run_scenarios

        register(
            Kind(
                name="procedure",
                model=Procedure,
                compile=compile_procedure,
                test=run_scenarios,
                compat=compatibility,
                published=enter_in_search,
            )
        )
        register_source(CASES)
        register_port(TIMER)
        register_port(REMINDER)
        register_port(PORT)
        for job in JOBS:
            register_job(job)
