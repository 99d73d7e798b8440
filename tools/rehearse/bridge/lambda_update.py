"""Lambda: a change of a function lets what is under way come to its end, as AWS does. The emulator ends it at once."""

import threading
import time

from ministack.core import lambda_runtime

# Longer than any function of this project may take.
LONGEST_SECONDS = 60
PERIOD_SECONDS = 0.05


def patch():
    original = lambda_runtime.kill_workers

    def kill_when_free(workers):
        busy = [worker for worker in workers if worker is not None and worker.in_use]
        original([worker for worker in workers if worker not in busy])
        for worker in busy:
            threading.Thread(target=end_later, args=(worker,), daemon=True).start()

    def end_later(worker):
        ends_at = time.monotonic() + LONGEST_SECONDS
        while worker.in_use and time.monotonic() < ends_at:
            time.sleep(PERIOD_SECONDS)
        original([worker])

    lambda_runtime.kill_workers = kill_when_free
