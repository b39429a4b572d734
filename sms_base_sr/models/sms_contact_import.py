from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [
    ("draft", "File"),
    ("mapping", "Columns"),
    ("reading", "Reading"),
    ("running", "Importing"),
    ("done", "Done"),
    ("canceled", "Cancelled"),
    ("failed", "Stopped"),
]
OPEN_STATES = ("draft", "mapping")
ACTIVE_STATES = ("reading", "running")
DELIMITERS = [(";", "Semicolon"), (",", "Comma"), ("\t", "Tab"), ("|", "Bar")]
ENCODINGS = [
    ("utf-8", "UTF-8"),
    ("utf-8-sig", "UTF-8 with a mark"),
    ("utf-16", "UTF-16"),
    ("cp1252", "Windows-1252"),
]


class SmsContactImport(models.Model):
    """One file of contacts for one campaign: what its columns mean, and the report.

    People write it until they press *Import*; from then on its job alone does. It is
    kept with the lines that were refused, so that nothing of a list is lost.
    """

    _name = "sms.contact.import"
    _inherit = ["sms.company.job.mixin"]
    _description = "SMS contacts: import"
    _order = "id desc"
    _rec_name = "file_name"

    res_model = fields.Char("Campaign model", required=True)
    res_id = fields.Many2oneReference(
        "Campaign", model_field="res_model", required=True
    )
    campaign_name = fields.Char("Campaign's name", compute="_compute_campaign_name")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Imported by", readonly=True, default=lambda self: self.env.user
    )
    file = fields.Binary(help="CSV or XLSX; deleted when the import is done.")
    file_name = fields.Char("File name")
    file_kind = fields.Char("Kind", readonly=True)
    encoding = fields.Selection(ENCODINGS)
    delimiter = fields.Selection(DELIMITERS, "Separator")
    has_header = fields.Boolean("The first line names the columns", default=True)
    column_ids = fields.One2many("sms.contact.import.column", "import_id", "Columns")
    sample = fields.Json(readonly=True, copy=False, prefetch=False)
    state = fields.Selection(STATES, required=True, default="draft", readonly=True)
    line_count = fields.Integer("Lines", readonly=True, copy=False)
    imported_count = fields.Integer("Imported", readonly=True, copy=False)
    refused_count = fields.Integer("Refused", readonly=True, copy=False)
    left_count = fields.Integer("Left", compute="_compute_progress")
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    failures = fields.Integer("Errors in a row", readonly=True, copy=False)
    failure_reason = fields.Char("Why it stopped", readonly=True, copy=False)
    started_at = fields.Datetime("Started on", readonly=True, copy=False)
    done_at = fields.Datetime("Ended on", readonly=True, copy=False)

    _res = models.Index("(res_model, res_id)")
    _active_imports = models.Index("(state) WHERE state IN ('reading', 'running')")

    @api.depends("res_model", "res_id")
    def _compute_campaign_name(self):
        for record in self:
            campaign = record._campaign()
            record.campaign_name = campaign.display_name if campaign else False

    @api.depends("line_count", "imported_count", "refused_count")
    def _compute_progress(self):
        for record in self:
            decided = record.imported_count + record.refused_count
            record.left_count = max(0, record.line_count - decided)
            total = record.line_count
            record.progress = 100.0 * decided / total if total else 0.0

    def _campaign(self):
        """The campaign's record, or None where it is gone or unknown."""
        self.ensure_one()
        if self.res_model not in self.env or not self.res_id:
            return None
        return self.env[self.res_model].browse(self.res_id).exists() or None

    def _writable_campaign(self):
        """The campaign, of somebody who may write it.

        :raises AccessError: he may not, or it is no campaign
        """
        if not self.res_id:
            raise UserError(
                self.env._("Open a campaign and press “Import contacts” there.")
            )
        campaign = self._campaign()
        if campaign is None or not hasattr(campaign, "_sms_import_targets"):
            raise UserError(self.env._("The campaign of this import was deleted."))
        campaign.check_access("write")
        return campaign

    # -- who writes what ---------------------------------------------------------------

    def _people_fields(self):
        """Fields that people fill in, until they press *Import*."""
        return {
            "file",
            "file_name",
            "encoding",
            "delimiter",
            "has_header",
            "column_ids",
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever may write a campaign imports into it, in the campaign's company."""
        allowed = self._people_fields() | {"res_model", "res_id"}
        if not self.env.su:
            self._check_people_fields(set().union(*vals_list) - allowed)
            self = self._without_engine_defaults(allowed)
        complete = []
        for vals in vals_list:
            campaign = self.new({**self._default_target(), **vals})._writable_campaign()
            company = campaign._sms_company() or self.env.company
            complete.append({**vals, "company_id": company.id})
        return super().create(complete)

    def _default_target(self):
        return self.default_get(["res_model", "res_id"])

    def _without_engine_defaults(self, allowed):
        """A client's context names default values too; only some are for it to set."""
        context = self.env.context
        kept = {
            key: value
            for key, value in context.items()
            if not key.startswith("default_") or key.removeprefix("default_") in allowed
        }
        # pylint: disable-next=context-overridden  # keys are to go
        return self.with_context(kept)

    def write(self, vals):
        """What was imported stays as it is reported."""
        if not self.env.su:
            self._check_people_fields(set(vals) - self._people_fields())
            if any(record.state not in OPEN_STATES for record in self):
                raise UserError(
                    self.env._("This import has begun and can no longer be changed.")
                )
        return super().write(vals)

    def _check_people_fields(self, names):
        if names:
            labels = ", ".join(self._fields[name].string for name in sorted(names))
            raise AccessError(self.env._("Only the SMS engine writes: %s.", labels))

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_active(self):
        if any(record.state in ACTIVE_STATES for record in self):
            raise UserError(self.env._("Cancel the import first."))

    @api.autovacuum
    def _gc_forgotten_files(self):
        """Lists of people that nobody has imported for a week do not lie about."""
        week_ago = fields.Datetime.subtract(fields.Datetime.now(), days=7)
        forgotten = [("state", "in", OPEN_STATES), ("write_date", "<", week_ago)]
        self.search(forgotten).unlink()
