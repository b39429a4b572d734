from odoo import models


class SmsCompanyJobMixin(models.AbstractModel):
    """A record's jobs are its company's, whoever makes them.

    The sweeper makes them as the main company's user: without this, the others would
    read the names of campaigns that are not theirs among their jobs, and the job would
    run in a company that has nothing to do with it.
    """

    _name = "sms.company.job.mixin"
    _description = "SMS jobs of a company"

    def with_delay(self, *args, **kwargs):
        company = self.company_id[:1]
        records = self.with_company(company) if company else self
        return super(SmsCompanyJobMixin, records).with_delay(*args, **kwargs)


class SmsBatch(models.Model):
    """Its jobs are its company's, and the engine's: they ask for no more rights."""

    _name = "sms.batch"
    _inherit = ["sms.batch", "sms.company.job.mixin"]

    def with_delay(self, *args, **kwargs):
        return super(SmsBatch, self.sudo()).with_delay(*args, **kwargs)


class SmsRun(models.Model):
    """Its jobs are its company's, and the engine's: who pressed was asked before."""

    _name = "sms.run"
    _inherit = ["sms.run", "sms.company.job.mixin"]

    def with_delay(self, *args, **kwargs):
        return super(SmsRun, self.sudo()).with_delay(*args, **kwargs)


class SmsProvider(models.Model):
    """Its jobs are its company's."""

    _name = "sms.provider"
    _inherit = ["sms.provider", "sms.company.job.mixin"]


class SmsContactImport(models.Model):
    """Its jobs are its company's."""

    _name = "sms.contact.import"
    _inherit = ["sms.contact.import", "sms.company.job.mixin"]
