"""Who drafts an internal case (起案者): kept with the case as it was on that day."""

from django.utils.translation import gettext as _

from machi.engines.people import public as people
from machi.engines.procedures.rules import Refused


def drafter_of(bundle, sender):
    """The drafter of a case to be sent, as `Case.drafter` keeps it; None for what residents apply for.

    Raises `Refused` where an internal procedure is not sent by staff, in a post they hold, and where staff would draft
    what only residents apply for.
    """
    if bundle["audience"] != "staff":
        if sender.post:
            raise Refused(_("この手続は、職員が起案するものではありません。"))
        return None
    post = next((one for one in people.posts_held(sender.actor) if one.code == sender.post), None)
    if post is None:
        raise Refused(_("職員の手続です。今の職を選んでから送ってください。"))
    return {
        "account": sender.actor.account,
        "name": sender.actor.name,
        "unit": post.unit_id,
        "post": post.code,
        "title": people.title_in(post),
    }
