import os

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, config

from odoo.addons.base_sparse_field.models.fields import Serialized
from odoo.addons.queue_job.fields import JobSerialized
from odoo.addons.queue_job.job import ENQUEUED, FAILED, PENDING, STATES
from odoo.addons.queue_job.jobrunner import runner

from ..tools import capacity

MANAGER = "queue_job.group_queue_job_manager"
OPERATOR = "queue_job_config.group_job_operator"
VIEWER = "queue_job_config.group_job_viewer"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class QueueJob(models.Model):
    """Opens the jobs of SMS to people who are not queue managers.

    In queue_job whoever may read a job may requeue it, cancel it and set it done:
    the methods are public and work as superuser. Here reading is only reading,
    and an operator may requeue what failed.
    """

    _inherit = "queue.job"

    # Named once more so that they are in our translation catalogue: queue_job
    # itself is not translated into Portuguese.
    state = fields.Selection(selection_add=STATES)
    # They show what a job works on, which may be personal data. Leaving them out
    # of a view would not keep a reader from asking for them.
    args = JobSerialized(base_type=tuple, groups=MANAGER)
    kwargs = JobSerialized(base_type=dict, groups=MANAGER)
    func_string = fields.Char(groups=MANAGER)
    result = fields.Text(groups=MANAGER)
    exc_info = fields.Text(groups=MANAGER)
    dependency_graph = Serialized(groups=MANAGER)
    retry = fields.Integer(aggregator=False)  # a sum of tries says nothing
    waited = fields.Integer(
        string="Waited (s)",
        compute="_compute_waited",
        help="Seconds between the moment when the job could start and its start.",
    )

    @api.depends("date_created", "eta", "date_started", "date_done", "date_cancelled")
    def _compute_waited(self):
        now = fields.Datetime.now()
        for job in self:
            ready = max(filter(None, (job.date_created, job.eta)), default=now)
            end = job.date_started or job.date_done or job.date_cancelled or now
            job.waited = max(0, (end - ready).total_seconds())

    def requeue(self):
        """Requeue; operators only what failed in the channels of SMS."""
        self._check_job_change(requeue=True)
        return super().requeue()

    def button_done(self):
        """Set done, which leaves the work undone: for queue managers only."""
        self._check_job_change()
        return super().button_done()

    def button_cancelled(self):
        """Cancel, for queue managers only: a campaign has its own way to stop."""
        self._check_job_change()
        return super().button_cancelled()

    def _check_job_change(self, requeue=False):
        """Refuse what the user may not do to these jobs.

        Jobs of other addons are not our business, unless it is our groups that
        brought the user to them.
        """
        user = self.env.user
        if self.env.su or user.has_group(MANAGER):
            return
        sms_jobs = self.filtered(lambda job: capacity.is_sms_channel(job.channel or ""))
        if not sms_jobs and not user.has_group(VIEWER):
            return
        if not requeue:
            raise AccessError(
                self.env._("Only queue managers may cancel jobs or set them to done.")
            )
        if not user.has_group(OPERATOR):
            raise AccessError(
                self.env._("Only operators of SMS jobs may requeue them.")
            )
        if self - sms_jobs:
            raise AccessError(self.env._("You may requeue jobs of SMS only."))
        if any(job.state != FAILED for job in self):
            raise AccessError(self.env._("You may requeue failed jobs only."))

    @api.model
    def _sms_jobs_watch(self):
        """Tell how the jobs of SMS fare, for a dashboard (counts all companies).

        :return: dict with ``oldest_pending`` (seconds that the job waiting longest
            has been ready), ``failed`` (number of jobs) and ``capacity_problems``
            (translated sentences)
        """
        self.flush_model(["channel", "state", "date_created", "eta"])
        [[oldest, failed]] = self.env.execute_query(
            SQL(
                """
                SELECT EXTRACT(EPOCH FROM %(now)s - MIN(GREATEST(date_created, eta))
                               FILTER (WHERE state IN %(waiting)s)),
                       COUNT(*) FILTER (WHERE state = %(failed)s)
                  FROM queue_job
                 WHERE state IN %(states)s
                   AND (eta IS NULL OR eta <= %(now)s)
                   AND (channel = %(sms)s OR channel LIKE %(below)s)
                """,
                now=fields.Datetime.now(),
                waiting=(PENDING, ENQUEUED),
                failed=FAILED,
                states=(PENDING, ENQUEUED, FAILED),
                sms=capacity.SMS,
                below=f"{capacity.SMS}.%",
            )
        )
        return {
            "oldest_pending": max(0, int(oldest or 0)),
            "failed": failed,
            "capacity_problems": self._sms_jobs_capacity_problems(),
        }

    @api.model
    def _sms_jobs_capacity_problems(self):
        """Compare the channels that this server was started with and its workers."""
        try:
            # The runner's own reading: environment, configuration file, default.
            channels = capacity.parse_channels(runner._channels())
            nodes = capacity.parse_nodes(self._sms_jobs_setting("nodes"))
        except ValueError as error:
            return [self.env._("The channels cannot be read: %s", error)]
        alone = self._sms_jobs_run_here()
        problems = capacity.check(channels, config["workers"], nodes, alone)
        return [self.env._(problem.source, **problem.values) for problem in problems]

    @api.model
    def _sms_jobs_setting(self, name):
        """One setting of the job runner, read as it reads its own."""
        variable = os.environ.get(f"ODOO_QUEUE_JOB_{name.upper()}")
        return variable or runner.queue_job_config.get(name)

    @api.model
    def _sms_jobs_run_here(self):
        """Whether the job runner asks this very server to run its jobs.

        A name that is not loopback's may be a balancer's: then it is believed.
        """
        host = self._sms_jobs_setting("host") or "localhost"
        port = self._sms_jobs_setting("port") or config["http_port"]
        return host in LOOPBACK and str(port) == str(config["http_port"])
