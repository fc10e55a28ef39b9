from django.apps import AppConfig


class GuidesConfig(AppConfig):
    name = "machi.engines.guides"
    label = "guides"

    def ready(self):
        from machi.engines.definitions.define import Kind, register
        from machi.engines.guides.compile import compile_guide
        from machi.engines.guides.define import Guide
        from machi.engines.guides.finding import enter_in_search
        from machi.engines.guides.scenarios import run_scenarios

        register(
            Kind(
                name="guide",
                model=Guide,
                compile=compile_guide,
                test=run_scenarios,
                published=enter_in_search,
            )
        )
