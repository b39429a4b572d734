from odoo import fields, models


class MailActivity(models.Model):
    """Which matter of ours an activity is about, so that nobody is told twice.

    A text would not do: it is written in the reader's language and changes. The
    sweeper writes these fields. And what a person does to the activity of a reply
    settles that reply.
    """

    _inherit = "mail.activity"

    sms_alert = fields.Char(
        "SMS matter",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Empty once the matter is settled.",
    )
    sms_alert_version = fields.Integer(
        "SMS matter's version",
        readonly=True,
        copy=False,
        help="Who has put this activity aside is told again about newer ones only.",
    )
    sms_alert_user_id = fields.Many2one(
        "res.users",
        "SMS matter told to",
        readonly=True,
        copy=False,
        help="Who was told, whoever does it now.",
    )

    def _close_sms_alerts(self):
        """Their matter is settled: mark them done, and forget who put them aside."""
        self.filtered("active").action_feedback()
        self.write({"sms_alert": False})

    def _action_done(self, feedback=False, attachment_ids=None):
        """Who marks a reply's activity as done has dealt with it, by phone say."""
        # Before: core deletes activities whose record is gone.
        customers = self._reply_customers()
        result = super()._action_done(feedback, attachment_ids)
        if customers:
            self.env["sms.message"]._deal_with(customers)
        return result

    def _reply_customers(self):
        """Customers whose replies these activities remind of."""
        partners = self.env["res.partner"]
        name = "sms_base_sr.mail_activity_type_reply"
        kind = self.env.ref(name, raise_if_not_found=False)
        if not kind:
            return partners
        ours = self.filtered(lambda a: a.activity_type_id == kind)
        about = ours.filtered(lambda a: a.res_model == partners._name)
        return partners.browse(about.mapped("res_id"))

    def unlink(self):
        """Cancelled by a person, it is put aside: else it would be back at once."""
        aside = self.browse() if self.env.su else self.filtered("sms_alert")
        aside.action_archive()
        return super(MailActivity, self - aside).unlink()
