"""`manage work`: do what is due, until told to stop. Several may run at once."""

import logging
import os
import select
import signal

import psycopg
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections

from machi.engines.effects.actions import CHANNEL
from machi.engines.effects.jobs import schedule_jobs, work_once

log = logging.getLogger(__name__)
AWAY = (OperationalError, InterfaceError, psycopg.OperationalError)
LONGEST_WAIT = 30.0


class Command(BaseCommand):
    """The worker. SIGTERM or SIGINT: it ends the effect in hand, gives back the rest and leaves with 0."""

    help = "Does the effects that are due: calls to the outside, timers, regular jobs."

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=20, help="effects to claim at once")
        parser.add_argument(
            "--poll", type=float, default=5.0, help="seconds between looks when nothing wakes us"
        )

    def handle(self, *, batch, poll, **_options):
        self.stopping = False
        self.ear, self.bell = os.pipe()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        wait = 0.5
        while not self.stopping:
            try:
                with self.listener() as listener:
                    wait = 0.5
                    self.work(listener, batch, poll)
            except AWAY as error:
                log.warning("the database is away (%s); looking again in %s s", type(error).__name__, wait)
                connections.close_all()
                self.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
        connections.close_all()

    def stop(self, *_signal):
        """Called by the signal: finish what is in hand and wake from waiting."""
        self.stopping = True
        os.write(self.bell, b".")

    def listener(self):
        """A connection of its own that hears NOTIFY: the working connection must not be blocked by it."""
        parameters = connection.get_connection_params()
        parameters = {
            name: parameters[name]
            for name in ("dbname", "user", "password", "host", "port")
            if name in parameters
        }
        listener = psycopg.connect(**parameters, autocommit=True, application_name="machi-work-listen")
        listener.execute(f"LISTEN {CHANNEL}")
        return listener

    def work(self, listener, batch, poll):
        """Work as long as there is anything due; then wait for a knock or for `poll` seconds."""
        while not self.stopping:
            close_old_connections()
            schedule_jobs()
            if work_once(limit=batch, stop=lambda: self.stopping):
                continue
            self.sleep(poll, listener)
            for _knock in listener.notifies(timeout=0):
                pass

    def sleep(self, seconds, *sources):
        """Wait until `seconds` have passed, one of `sources` can be read, or a signal came."""
        select.select([self.ear, *sources], [], [], seconds)
