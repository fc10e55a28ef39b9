"""What several journeys do: wait for a mail, read its link, go on, look at the page with axe."""

import time


def mail_to(town, address, words, seconds=20):
    """The body of the first mail to `address` that contains `words`; waits for the worker to send it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for message in town.mail.to(address):
            body = message.get_body(("plain",)).get_content()
            if words in body or words in message["Subject"]:
                return body
        time.sleep(0.1)
    raise AssertionError(f"No mail to {address} with {words}: {[m['Subject'] for m in town.mail.messages]}")


def link_in(body, part):
    """The first address in a mail that contains `part`."""
    return next(word for word in body.split() if part in word)


def go_on(page, name="次へ"):
    """Press the button that leads to the next page, and wait until it is there."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).click()


def live(page, act):
    """Do something that changes the page's live part, and wait until it has been swapped."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        act()
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')")


def sign_in(page, mail, password="machi-no-mihon"):  # noqa: S107 (sample people of development)
    """Fill the sign-in form that is on the page."""
    page.locator("[name=login]").fill(mail)
    page.locator("[name=password]").fill(password)
    with page.expect_navigation():
        page.locator("[name=password]").press("Enter")
