"""The portal's front page beside the same web server answering an empty 200.

Both are asked by visitors without a session over kept connections: by wrk where it is installed, else by threads of
this program (which then measure themselves as much as the server).
"""

import json
import re
import shutil
import subprocess
import threading
import time
from http.client import HTTPConnection

from parts.town import served, town

CONNECTIONS, SECONDS = 8, 10


def per_second(host, port):
    """Requests per second for `GET /`."""
    ask = _by_wrk if shutil.which("wrk") else _by_threads
    ask(host, port, 2)
    return ask(host, port, SECONDS)


def _by_wrk(host, port, seconds):
    words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", f"http://{host}:{port}/"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise RuntimeError(said)
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1])


def _by_threads(host, port, seconds):
    counts, until = [0] * CONNECTIONS, time.monotonic() + seconds

    def ask(number):
        connection = HTTPConnection(host, port, timeout=30)
        while time.monotonic() < until:
            connection.request("GET", "/")
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(answer.status)
            counts[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def main():
    with town() as environment:
        with served(environment, "parts.empty:application", wait="/") as (host, port):
            empty = per_second(host, port)
        with served(environment) as (host, port):
            page = per_second(host, port)
        with served(environment, "parts.unkept:application") as (host, port):
            unkept = per_second(host, port)
    print(f"{page:.0f} front pages/s, {empty:.0f} empty answers/s; made anew each time it would be {unkept:.0f}/s")
    line = {
        "name": "portal.front_page",
        "value": round(page),
        "unit": "pages/s",
        "beside": "the same server answering an empty 200",
        "beside_value": round(empty),
        "ratio": round(page / empty, 3),
    }
    print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
