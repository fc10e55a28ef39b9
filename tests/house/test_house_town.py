"""The running city hall that journeys use."""

from machi.engines.people.public import units


def test_a_phone_opens_the_front_page(town, phone):
    answer = phone.goto("/")

    assert answer.status == 200
    assert phone.locator("html").get_attribute("lang") == "ja"
    assert phone.locator("h1").count() == 1


def test_models_and_pages_see_the_same_database(town, desk):
    answer = desk.goto("/healthz").json()

    assert answer["city"]["definitions"] > 0
    assert len(units()) > 0


def test_commands_run_in_the_town(town):
    assert '"sample": true' in town.manage("people", "--json")
