import csv
import io

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.contact_values import harmless
from .sms_contact_import import ACTIVE_STATES

REASONS_TABLE = Markup('<table class="table table-sm w-auto">%s</table>')
REASON_ROW = Markup('<tr><td class="pe-4">%s</td><td class="text-end">%s</td></tr>')


class SmsContactImport(models.Model):
    """The buttons, and the report that can be downloaded."""

    _inherit = "sms.contact.import"

    refusals = fields.Html(
        "Refused, and why",
        compute="_compute_refusals",
        sanitize=False,
        exportable=False,
    )

    @api.depends("refused_count", "forgotten_at")
    @api.depends_context("lang")
    def _compute_refusals(self):
        """The reasons and their lines, most frequent first."""
        reason = self.env["sms.contact.import.line"]._fields["reason"]
        names = dict(reason._description_selection(self.env))
        for record in self:
            counts = record.refused_count and record._count_refusals()
            rows = [REASON_ROW % (names[key], count) for key, count in counts or []]
            record.refusals = REASONS_TABLE % Markup("").join(rows) if rows else False

    def _count_refusals(self):
        self.env.cr.execute(
            """
            SELECT reason, count(*) FROM sms_contact_import_line
            WHERE import_id = %s AND state = 'refused'
            GROUP BY reason ORDER BY 2 DESC, 1
            """,
            [self._origin.id],
        )
        return self.env.cr.fetchall()

    def action_import(self):
        """Import the file with the chosen columns, in the background."""
        for record in self:
            targets = record._writable_campaign()._sms_import_targets()
            problems = record._mapping_problems(targets)
            if problems:
                raise UserError("\n".join(problems))
            now = fields.Datetime.now()
            record._move(
                ["mapping"],
                {"state": "reading", "started_at": now, "user_id": self.env.uid},
            )
            record._enqueue_import()

    def action_cancel(self):
        """Stop; what was imported stays, the rest can be downloaded."""
        for record in self:
            record._writable_campaign()
            record._move(
                [*ACTIVE_STATES, "failed"],
                {
                    "state": "canceled",
                    "done_at": fields.Datetime.now(),
                    "file": False,
                    "sample": False,
                },
            )

    def action_continue(self):
        """Go on where it stopped; no line is imported twice."""
        for record in self:
            record._writable_campaign()
            state = "running" if record.line_count else "reading"
            values = {"state": state, "failures": 0, "failure_reason": False}
            record._move(["failed"], values)
            record._enqueue_import()

    def action_start_over(self):
        """Choose another file."""
        self._writable_campaign()
        forgotten = ("sample", "file", "file_name", "encoding", "delimiter")
        self._move(["mapping"], {"state": "draft", **dict.fromkeys(forgotten, False)})
        # sudo: the columns of the former file.
        self.sudo().column_ids.unlink()

    def _move(self, allowed, values):
        """Change the state where it is one of ``allowed``; else say that it is late."""
        self.ensure_one()
        # sudo: the state is the engine's; who may press was asked by the caller.
        record = self.sudo().try_lock_for_update()
        if not record or record.state not in allowed:
            raise UserError(
                self.env._("The import has gone on meanwhile. Look again, please.")
            )
        record.write(values)

    def action_view_campaign(self):
        """Back to the campaign."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_view_refused(self):
        """Open the lines that were refused."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sms.contact.import.line",
            "view_mode": "list",
            "views": [(False, "list")],
            "domain": [("import_id", "=", self.id), ("state", "=", "refused")],
            "name": self.env._("Refused lines"),
        }

    def action_download_refused(self):
        """Download what was not imported, with the reasons."""
        self.ensure_one()
        if self.forgotten_at:
            raise UserError(self.env._("The lines of this import are no longer kept."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/sms/import/{self.id}/refused.csv",
            "target": "download",
        }

    def _refused_csv(self):
        """Return what was not imported as a CSV that spreadsheets open as it is.

        It can be corrected and imported again: only the last two columns are ours.
        """
        self.ensure_one()
        self.check_access("read")
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=";")
        columns = self.column_ids.sorted("position")
        added = [self.env._("Line"), self.env._("Why it was not imported")]
        writer.writerow(map(harmless, [*columns.mapped("title"), *added]))
        for number, cells, detail in self._refused_rows():
            cells = [*cells, *[""] * (len(columns) - len(cells))]
            writer.writerow(map(harmless, [*cells, number, detail]))
        # The mark tells Excel that this is UTF-8.
        return buffer.getvalue().encode("utf-8-sig")

    def _refused_rows(self):
        waiting = self.env._("The import ended before this line.")
        self.env.cr.execute(
            """
            SELECT number, cells, COALESCE(detail, %s) FROM sms_contact_import_line
            WHERE import_id = %s AND state != 'imported' ORDER BY id
            """,
            [waiting, self.id],
        )
        return self.env.cr.fetchall()
