"""People who can be told, and campaigns that give reason to."""

from odoo import Command

from odoo.addons.sms_base_sr.tools.outcomes import NotAttempted

from .campaign_case import CampaignCase

ADMIN = "sms_base_sr.group_sms_admin"


class AlertCase(CampaignCase):
    """Campaigns sent by a manager, and two administrators who can be told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref(ADMIN).user_ids = [Command.clear()]
        cls.admin = cls.new_user("admin", ADMIN)
        cls.second_admin = cls.new_user("admin_2", ADMIN)

    def sweep(self):
        """One round of the sweeper, in which no step fails."""
        self.env.flush_all()
        self.env["sms.batch"]._sweep()
        self.assertFalse(self.env.ref("sms_base_sr.sms_watch").failed_steps)

    def told(self, record, user=None):
        """Open activities of a record, of one person where one is given."""
        activities = record.activity_ids
        return activities.filtered(lambda a: not user or a.user_id == user)

    def planned_run(self, count=3, **values):
        """As its parent's, by the campaign manager."""
        return super().planned_run(count, create_uid=self.manager.id, **values)

    def new_run(self, **values):
        creator = values.pop("create_uid", self.manager.id)
        run = super().new_run(**values)
        self.env.cr.execute(
            "UPDATE sms_run SET create_uid = %s WHERE id = %s", [creator, run.id]
        )
        run.invalidate_recordset()
        return run

    def failed_batch(self, count=3, **values):
        """A batch whose last try did not reach the gateway either."""
        batch = self.queued_batch(count, **values)
        self.fail_batch(batch)
        return batch

    def fail_batch(self, batch):
        batch.tries = 5
        self.gateway.answers = [NotAttempted("connection", "refused")]
        self.run_batch(batch)
        self.assertEqual(batch.state, "failed")
        while self.env["sms.batch.stat"]._recompute_page():
            pass
