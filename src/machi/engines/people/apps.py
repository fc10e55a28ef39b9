from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "machi.engines.people"
    label = "people"

    def ready(self):
        from machi.engines.definitions.define import Kind, register
        from machi.engines.effects.define import register as register_port
        from machi.engines.effects.define import register_job
        from machi.engines.people.compile import compile_organisation
        from machi.engines.people.define import Organisation
        from machi.engines.people.jobs import CLEAN_UP
        from machi.engines.people.mail import PORT
        from machi.engines.people.organisation import apply_organisation

        register_port(PORT)
        register_job(CLEAN_UP)
        register(
            Kind(
                name="organisation",
                model=Organisation,
                compile=compile_organisation,
                published=lambda version: apply_organisation(bundle=version.bundle),
            )
        )
