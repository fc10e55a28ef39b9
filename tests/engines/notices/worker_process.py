"""A real worker for mail, with a short lease so that its death is noticed soon."""

from dataclasses import replace
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from machi.engines.effects.define import jobs, register  # noqa: E402
from machi.engines.notices.mail import MAIL  # noqa: E402

jobs.clear()
register(replace(MAIL, lease=timedelta(seconds=1)))
print("ready", flush=True)
call_command("work", poll=0.2)
