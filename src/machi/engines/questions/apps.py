from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "machi.engines.questions"
    label = "questions"

    def ready(self):
        from machi.engines.definitions.define import fragments_hold
        from machi.engines.questions.define import Field

        fragments_hold(Field)
