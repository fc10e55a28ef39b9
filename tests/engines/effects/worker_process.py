"""A real worker with two ports to the fake remote: `asks` can reconcile, `wait` in the payload slows the
answer.

Run as: worker_process.py <remote's port>; stops on SIGTERM.
"""

import json
import sys
import urllib.error
import urllib.request
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from machi.engines.effects.define import Done, Port, jobs, register  # noqa: E402

REMOTE = f"http://127.0.0.1:{sys.argv[1]}"


def execute(effect):
    body = json.dumps({"id": str(effect.id), "n": effect.payload.get("n")}).encode()
    wait = effect.payload.get("wait", 0) if effect.attempts <= 1 else 0
    urllib.request.urlopen(f"{REMOTE}/?wait={wait}", data=body, timeout=60)
    return Done(ref="kept")


def reconcile(effect):
    try:
        urllib.request.urlopen(f"{REMOTE}/has/{effect.id}", timeout=10)
    except urllib.error.HTTPError:
        return None
    return Done(ref="found")


jobs.clear()
register(Port("asks", execute, reconcile, lease=timedelta(seconds=1)))
print("ready", flush=True)
call_command("work", poll=0.2)
print("left", flush=True)
