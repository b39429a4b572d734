from odoo.tests import TransactionCase, new_test_user

SMS_CHANNEL = "root.sms.send"
OTHER_CHANNEL = "root"
STATES = (
    "wait_dependencies",
    "pending",
    "enqueued",
    "started",
    "done",
    "cancelled",
    "failed",
)


class SmsJobsCase(TransactionCase):
    """One user per role, and jobs in any state without a runner that moves them.

    ``both`` is the person that a single record rule would harm: a queue manager
    who is an operator of SMS jobs too.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = {
            "stranger": "base.group_user",
            "viewer": "queue_job_config.group_job_viewer",
            "operator": "queue_job_config.group_job_operator",
            "manager": "base.group_user,queue_job.group_queue_job_manager",
            "both": (
                "queue_job_config.group_job_operator,queue_job.group_queue_job_manager"
            ),
        }
        cls.users = {
            name: new_test_user(cls.env, login=f"sms-jobs-{name}", groups=group)
            for name, group in groups.items()
        }

    @classmethod
    def make_job(cls, state="failed", channel=SMS_CHANNEL, **values):
        """Return a ``queue.job`` record, seen by the superuser."""
        delayed = cls.env["queue.job"].with_delay(channel=channel)._test_job()
        job = delayed.db_record()
        job.write({"state": state, **values})
        cls.env.flush_all()
        return job

    def as_user(self, name, records):
        """Return ``records`` as the user of that role sees them: nothing cached."""
        self.env.flush_all()
        self.env.invalidate_all()
        return records.with_user(self.users[name])
