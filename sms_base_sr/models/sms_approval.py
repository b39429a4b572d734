from odoo import api, fields, models


class SmsApproval(models.Model):
    """Who approved which plan, and what became of it: the record that an auditor asks.

    One line per approval, kept for ever; a plan that changes makes its line void, and
    nobody may write it. Its button writes it as the engine, with the person's name.
    """

    _name = "sms.approval"
    _description = "SMS campaign approval"
    _order = "id desc"
    _rec_name = "run_id"

    run_id = fields.Many2one(
        "sms.run",
        "Campaign",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Approved by", readonly=True)
    author_ids = fields.Many2many("res.users", string="Planned by", readonly=True)
    date = fields.Datetime(readonly=True)
    planned_count = fields.Integer("SMS", readonly=True)
    planned_segments = fields.Integer("Segments", readonly=True)
    planned_cost = fields.Monetary("Price", readonly=True)
    text = fields.Text(readonly=True)
    text_digest = fields.Char("Fingerprint of the text", readonly=True)
    void_date = fields.Datetime("Void since", readonly=True)
    void_reason = fields.Char("Why it is void", readonly=True)

    @api.model
    def _note(self, run):
        """Write down what the present user approves."""
        approved = run._approved_content()
        return self.create(
            {
                "run_id": run.id,
                "user_id": self.env.uid,
                "author_ids": [fields.Command.set(run._authors().ids)],
                "date": fields.Datetime.now(),
                "planned_segments": run.planned_segments,
                **approved,
            }
        )

    @api.model
    def _void(self, runs, reason):
        """What these runs were approved for is not what would leave now."""
        valid = [("run_id", "in", runs.ids), ("void_date", "=", False)]
        values = {"void_date": fields.Datetime.now(), "void_reason": reason}
        self.search(valid).write(values)
