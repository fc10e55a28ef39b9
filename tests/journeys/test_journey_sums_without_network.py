"""The fee is counted in the browser while one types, also when the network is gone."""


def test_the_fee_follows_what_is_typed_with_no_network(town, phone):
    phone.goto("/procedures/waste.bulky_pickup/")
    phone.get_by_role("button", name="はじめる").click()
    phone.locator("[name=town]").select_option(index=3)
    phone.locator("[name=line]").fill("1-2")
    phone.locator("[name=spot]").fill("玄関の前")
    phone.get_by_role("button", name="次へ").last.click()
    phone.wait_for_url("**/items/")
    total = phone.locator("#total.money-line .amount")

    phone.context.set_offline(True)
    phone.locator('select[name$=".item"]').select_option("sofa_2")
    phone.locator('input[name$=".qty"]').fill("３")

    assert total.inner_text() == "3,000円"
    phone.locator('input[name$=".qty"]').fill("")
    assert total.inner_text() == "0円"
