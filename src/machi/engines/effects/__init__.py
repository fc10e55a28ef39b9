"""Calls to the outside, after commit: outbox, timers, workers."""
