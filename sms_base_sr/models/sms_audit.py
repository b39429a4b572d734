from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

ACTIONS = [
    ("plan", "Planned"),
    ("planned", "Planning finished"),
    ("schedule", "Scheduled"),
    ("approve", "Approved"),
    ("release", "Sent"),
    ("pause", "Paused"),
    ("resume", "Resumed"),
    ("cancel", "Cancelled"),
    ("retry", "Tried again"),
    ("create", "Created"),
    ("write", "Changed"),
    ("unlink", "Deleted"),
    ("export", "Exported"),
    ("report", "Opened a person's data"),
    ("download", "Downloaded a person's data"),
    ("erase", "Erased a person's data"),
]
COLUMNS = (
    "date",
    "user_id",
    "login",
    "action",
    "company_id",
    "res_model",
    "res_id",
    "name",
    "field",
    "old_value",
    "new_value",
    "count",
    "cost",
    "text_digest",
)
LONGEST = 2_000


class SmsAudit(models.Model):
    """Who sent, changed, exported or erased what, and when: appended to, never changed.

    Neither the ORM nor a superuser's code writes or deletes a line; only the period
    of retention does. No secret and no customer's number or text is in it, so that it
    may be kept when those are gone.
    """

    _name = "sms.audit"
    _description = "SMS audit log"
    _order = "id desc"
    _rec_name = "name"
    _log_access = False

    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    login = fields.Char(
        readonly=True, help="As it was then: users are renamed, and deleted."
    )
    action = fields.Selection(ACTIONS, required=True, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, ondelete="set null")
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    name = fields.Char("What", readonly=True)
    field = fields.Char(readonly=True)
    field_label = fields.Char("Changed", compute="_compute_field_label")
    old_value = fields.Text("Before", readonly=True)
    new_value = fields.Text("After", readonly=True)
    count = fields.Integer("SMS", readonly=True, aggregator="sum")
    cost = fields.Float(digits=(16, 4), readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    text_digest = fields.Char(
        "Digest of the text", readonly=True, help="SHA-256 of the text as it was."
    )

    _dates = models.Index("USING brin (date)")

    @api.depends("field", "res_model")
    def _compute_field_label(self):
        for line in self:
            known = self.env.registry.get(line.res_model or "")
            field = known and known._fields.get(line.field)
            line.field_label = (
                field.get_description(self.env)["string"] if field else ""
            )

    @api.model
    def _note(self, action, records=None, **values):
        """Append a line per record, or one; for the engine, whoever presses.

        The real user is noted where code runs as superuser: ``sudo`` keeps who it is.
        """
        user = self.env.user
        common = {"user_id": user.id, "login": user.login, "action": action}
        common["company_id"] = values.pop("company", self.env.company).id
        lines = [
            {"res_model": r._name, "res_id": r.id, "name": r.display_name, **values}
            for r in records or ()
        ]
        self._append([{**common, **line} for line in lines or [values]])

    @api.model
    def _append(self, lines):
        """Insert by SQL: the ORM's way is closed to everybody."""
        now = fields.Datetime.now()
        rows = [tuple({"date": now, **line}.get(c) for c in COLUMNS) for line in lines]
        names = SQL(", ").join(map(SQL.identifier, COLUMNS))
        values = SQL(", ").join(SQL("%s", tuple(map(shortened, row))) for row in rows)
        if rows:
            self.env.cr.execute(
                SQL("INSERT INTO sms_audit (%s) VALUES %s", names, values)
            )
            self.invalidate_model()

    # -- closed doors ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Nobody: see ``_note``."""
        raise AccessError(self._closed())

    def write(self, vals):  # pylint: disable=method-required-super
        """Nobody, superusers included."""
        raise AccessError(self._closed())

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise AccessError(self._closed())

    def _closed(self):
        return self.env._("The audit log is written by what happens, and by nobody.")

    @api.autovacuum
    def _gc_audit(self):
        """Delete what is older than the setting says; 0 months keep it for ever."""
        parameters = self.env["ir.config_parameter"].sudo()
        months = int(parameters.get_param("sms_base_sr.audit_months", 0))
        if months > 0:
            limit = fields.Datetime.subtract(fields.Datetime.now(), months=months)
            self.env.cr.execute("DELETE FROM sms_audit WHERE date < %s", [limit])
            self.invalidate_model()

    def action_open_record(self):
        """Open what the line is about, where it still is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }


def shortened(value):
    """Return a value as a column holds it."""
    if isinstance(value, (datetime, bool, int, float, type(None))):
        return None if value is False else value
    return str(value)[:LONGEST]
