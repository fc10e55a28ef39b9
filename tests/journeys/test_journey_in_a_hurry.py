"""Two choices in one breath on a slow line: both stay, and both bring what they ask for."""


def test_what_was_chosen_while_an_answer_was_on_its_way_asks_its_own_questions(town, phone):
    phone.goto("/procedures/parks.use/")
    with phone.expect_navigation():
        phone.get_by_role("button", name="はじめる").click()
    phone.goto(phone.url.rsplit("/", 2)[0] + "/size/")
    first = []

    def hold_the_first(request):
        if first:
            request.continue_()
        else:
            first.append(request)

    phone.route("**/size/**", hold_the_first)
    with phone.expect_request("**/size/**"):
        phone.locator("[name=fire][value=yes]").check()
    phone.locator("[name=sound][value=yes]").check()
    first[0].continue_()

    phone.locator("[name=told]").wait_for()
    assert phone.locator("[name=fire_plan]").is_visible()
    assert phone.locator("[name=sound][value=yes]").is_checked()
