"""Run in ``odoo shell``: a hundred jobs that do nothing, none of them due yet."""

from datetime import timedelta

env = env  # noqa: F821, PLW0127 - given by the shell

for _number in range(100):
    env["queue.job"].with_delay(eta=timedelta(hours=1))._test_job()
env.cr.commit()
