from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

STATES = [
    ("draft", "File"),
    ("reading", "Reading"),
    ("active", "In force"),
    ("replaced", "Replaced"),
    ("failed", "Stopped"),
]
PEOPLE_FIELDS = {
    "name",
    "file",
    "file_name",
    "valid_from",
    "valid_until",
    "company_id",
}


class SmsDoNotDisturb(models.Model):
    """One edition of a do-not-disturb list (*Não Perturbe*), with its validity.

    Supervisors choose the file and its dates; from *Load* on the job alone writes it.
    Its numbers count from the moment at which all of them are there, and the former
    list of the same name ends in that same moment.
    """

    _name = "sms.do.not.disturb"
    _inherit = ["sms.company.job.mixin"]
    _description = "SMS do-not-disturb list"
    _order = "id desc"

    name = fields.Char(
        required=True,
        help="A new list replaces the one of the same name.",
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Empty: all companies.",
    )
    user_id = fields.Many2one(
        "res.users", "Loaded by", readonly=True, default=lambda self: self.env.user
    )
    file = fields.Binary(help="CSV or XLSX; deleted when the list is loaded.")
    file_name = fields.Char("File name")
    valid_from = fields.Date("Valid from", help="Empty: at once.")
    valid_until = fields.Date("Valid until", help="Empty: until it is replaced.")
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False
    )
    expired = fields.Boolean(compute="_compute_expired")
    line_count = fields.Integer("Lines", readonly=True, copy=False)
    read_count = fields.Integer("Lines read", readonly=True, copy=False)
    number_count = fields.Integer("Numbers", readonly=True, copy=False)
    refused_count = fields.Integer("Lines without a number", readonly=True, copy=False)
    problems = fields.Text("First of them", readonly=True, copy=False)
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    failures = fields.Integer("Errors in a row", readonly=True, copy=False)
    failure_reason = fields.Char("Why it stopped", readonly=True, copy=False)
    loaded_at = fields.Datetime("In force since", readonly=True, copy=False)
    replaced_at = fields.Datetime("Replaced on", readonly=True, copy=False)

    _order_of_dates = models.Constraint(
        "CHECK (valid_until IS NULL OR valid_from IS NULL"
        " OR valid_until >= valid_from)",
        "Do-not-disturb list: it must end after it begins.",
    )

    @api.depends("valid_until")
    def _compute_expired(self):
        today = fields.Date.context_today(self)
        for record in self:
            record.expired = bool(record.valid_until and record.valid_until < today)

    @api.depends("line_count", "read_count")
    def _compute_progress(self):
        for record in self:
            total = record.line_count
            record.progress = 100.0 * record.read_count / total if total else 0.0

    @api.depends("name", "valid_from", "loaded_at")
    def _compute_display_name(self):
        for record in self:
            day = record.valid_from or record.loaded_at
            parts = (record.name, day and format_date(self.env, day))
            record.display_name = " ".join(filter(None, parts))

    # -- who writes what ---------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """People choose the file and its dates; the rest is the job's."""
        if not self.env.su:
            self._check_people_fields(set().union(*vals_list))
            self = self._without_engine_defaults()
        return super().create(vals_list)

    def _without_engine_defaults(self):
        """A client's context names default values too: only some are for it to set."""
        kept = {
            key: value
            for key, value in self.env.context.items()
            if not key.startswith("default_")
            or key.removeprefix("default_") in PEOPLE_FIELDS
        }
        # pylint: disable-next=context-overridden  # keys are to go
        return self.with_context(kept)

    def write(self, vals):
        """The dates of a list may change while it is in force; its numbers may not."""
        if not self.env.su:
            self._check_people_fields(set(vals))
            fixed = set(vals) - {"valid_from", "valid_until"}
            if fixed and any(r.state not in ("draft", "failed") for r in self):
                raise UserError(
                    self.env._("This list was loaded already: load a new one.")
                )
        return super().write(vals)

    def _check_people_fields(self, names):
        wrong = names - PEOPLE_FIELDS
        if wrong:
            labels = ", ".join(self._fields[name].string for name in sorted(wrong))
            raise UserError(self.env._("Only the SMS engine writes: %s.", labels))

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_reading(self):
        if any(record.state == "reading" for record in self):
            raise UserError(self.env._("The list is being read: wait for its end."))

    # -- buttons -----------------------------------------------------------------------

    def action_load(self):
        """Read the file in the background; the list counts once all of it is there."""
        self.check_access("write")
        for record in self:
            if record.state not in ("draft", "failed"):
                raise UserError(
                    self.env._("This list was loaded already: load a new one.")
                )
            if not record.file:
                raise UserError(self.env._("File: choose a CSV or XLSX file first."))
            # sudo: from here on the job writes it.
            record.sudo()._begin_reading()
            record.sudo()._enqueue_load()

    def action_stop(self):
        """End a list before its date: its numbers are texted again."""
        self.check_access("write")
        now = fields.Datetime.now()
        in_force = self.filtered(lambda record: record.state == "active")
        # sudo: the state is the engine's; writing lists is the permission.
        in_force.sudo().write({"state": "replaced", "replaced_at": now})
