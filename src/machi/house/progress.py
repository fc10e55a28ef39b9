"""What people see while something takes time: one line per step."""

import time
from contextlib import contextmanager


@contextmanager
def step(name):
    """Print the step's name, then, once it is done, how long it took."""
    began = time.monotonic()
    print(f"  {name:<24}", end="", flush=True)
    yield
    print(f"{time.monotonic() - began:.1f} s", flush=True)
