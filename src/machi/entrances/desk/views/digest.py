"""The daily mail: whoever does not want it, switches it off here."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from machi.engines.people import public as people
from machi.engines.procedures import public as procedures
from machi.entrances.desk.frame import page


@people.staff_required
def digest(request):
    """On or off, for oneself."""
    if request.method == "POST":
        procedures.switch_digest(account_id=request.user.pk, on=request.POST.get("on") == "true")
        messages.success(request, _("毎朝のメールの設定を変えました。"))
        return redirect("desk:digest")
    context = {"on": procedures.wants_digest(request.user.pk), "mail": request.user.email}
    return page(request, "desk/digest.html", context, here="today")
