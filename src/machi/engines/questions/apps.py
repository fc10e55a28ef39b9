from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "machi.engines.questions"
    label = "questions"
