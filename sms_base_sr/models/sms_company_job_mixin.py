from odoo import models


class SmsCompanyJobMixin(models.AbstractModel):
    """A record's jobs are its company's, whoever makes them.

    The sweeper makes them as the main company's user: without this, the others would
    read the names of campaigns that are not theirs among their jobs, and the job would
    run in a company that has nothing to do with it.
    """

    _name = "sms.company.job.mixin"
    _description = "SMS jobs of a company"

    # Whether they ask for no more rights: who pressed the button was asked before.
    _jobs_as_engine = False

    def with_delay(self, *args, **kwargs):
        company = self.company_id[:1]
        records = self.with_company(company) if company else self
        if self._jobs_as_engine:
            records = records.sudo()
        return super(SmsCompanyJobMixin, records).with_delay(*args, **kwargs)

    def _has_living_job(self, method):
        """Tell whether a job of this record waits or runs (a hint, not a lock)."""
        self.env.cr.execute(
            """
            SELECT 1 FROM queue_job
            WHERE model_name = %s AND method_name = %s
              AND state IN ('pending', 'enqueued', 'started', 'wait_dependencies')
              AND (records #>> '{}')::jsonb -> 'ids' = %s::jsonb
            LIMIT 1
            """,
            [self._name, method, f"[{self.id}]"],
        )
        return bool(self.env.cr.fetchone())
