import csv
import io
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import phones

GROUP = "sms_base_sr.group_sms_manager"


class SmsPersonLookup(models.TransientModel):
    """What do we hold on this person? Of a contact, or of a number without one.

    Supervisors ask; every look, print and download is in the audit log.
    """

    _name = "sms.person.lookup"
    _description = "Personal data of a person"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    phone = fields.Char("Number", help="For people without contact.")
    partner_ids = fields.Many2many(
        "res.partner", string="Contacts", context={"active_test": False}
    )
    asked = fields.Boolean()
    summary = fields.Html(compute="_compute_found", sanitize=False, exportable=False)
    found = fields.Html(compute="_compute_found", sanitize=False, exportable=False)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_ask()
        return super().create(vals_list)

    @api.model
    def _check_may_ask(self):
        if not self.env.su and not self.env.user.has_group(GROUP):
            raise AccessError(
                self.env._("Only SMS supervisors see what is held on a person.")
            )

    @api.depends("phone", "partner_ids")
    def _compute_display_name(self):
        for lookup in self:
            lookup.display_name = self.env._("Personal data")

    # -- whom --------------------------------------------------------------------------

    def _numbers(self):
        """The number that was typed, as E.164; empty where none was."""
        self.ensure_one()
        if not (self.phone or "").strip():
            return []
        number = self.env["sms.message"]._normalize_phone(self.phone, self.company_id)
        if not number:
            raise UserError(
                self.env._(
                    "Number: “%s” is no phone number. Enter it with its area code, "
                    "for example (11) 91234-5678.",
                    self.phone,
                )
            )
        return [number]

    def _person(self):
        self.ensure_one()
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(self.env._("You do not work for this company."))
        return self.env["sms.person"]._find(
            self.company_id, self._numbers(), self.partner_ids.sudo()
        )

    def _data(self):
        """[(place, rows)] of everything that is held."""
        self._check_may_ask()
        return self.env["sms.person"]._rows_of(self._person())

    def action_look(self):
        """Look for it; contacts that have the number are proposed."""
        self._check_may_ask()
        self.ensure_one()
        numbers = self._numbers()
        if not numbers and not self.partner_ids:
            raise UserError(self.env._("Enter a number, or choose a contact."))
        if numbers and not self.partner_ids:
            self.partner_ids = self._contacts_of(numbers)
        self.asked = True
        self._audit("report")
        return self._reopen()

    def _contacts_of(self, numbers):
        """Contacts with this number, and those whose SMS went there."""
        partners = self.env["res.partner"].with_context(active_test=False)
        found = partners.search([("phone_sanitized", "in", numbers)])
        messages = self.env["sms.message"]._read_group(
            [("phone", "in", numbers), ("company_id", "=", self.company_id.id)],
            ["partner_id"],
        )
        return found.union(*(partner for (partner,) in messages))

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Personal data"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def _audit(self, action):
        """Note the look, by record and masked number: the log outlives both."""
        partner = self.partner_ids[:1]
        self.env["sms.audit"]._note(
            action,
            company=self.company_id,
            res_model="res.partner" if partner else None,
            res_id=partner.id or None,
            name=", ".join(phones.mask(number) for number in self._numbers()) or None,
        )

    # -- to take away ------------------------------------------------------------------

    def _download(self, kind):
        self._audit("download")
        data = self._data()
        return self._as_json(data) if kind == "json" else self._as_csv(data)

    def _as_json(self, data):
        content = {
            "company": self.company_id.name,
            "date": fields.Datetime.now(),
            "places": [
                {"model": place.model, "title": self._title(place), "records": rows}
                for place, rows in data
            ],
        }
        return json.dumps(content, ensure_ascii=False, indent=2, default=str)

    def _as_csv(self, data):
        """One line per value: places have different columns."""
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["place", "record", "field", "value"])
        for place, rows in data:
            texts = self._texts(place, rows)
            for row, shown in zip(rows, texts, strict=True):
                for name, text in zip(place.shown, shown, strict=True):
                    if text:
                        line = [self._title(place), row["id"], name, harmless(text)]
                        writer.writerow(line)
        return "\ufeff" + stream.getvalue()

    def action_json(self):
        return self._url("json")

    def action_csv(self):
        return self._url("csv")

    def action_print(self):
        """The report as a page to print or to save as PDF."""
        self._check_may_ask()
        self._audit("download")
        report = self.env.ref("sms_base_sr.sms_person_report")
        return report.report_action(self)

    def _url(self, kind):
        url = f"/sms/person/{self.id}/data.{kind}"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def action_erase(self):
        """Ask once more before anything is erased."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Erase personal data"),
            "res_model": "sms.person.erase",
            "view_mode": "form",
            "target": "new",
            "context": {"default_lookup_id": self.id},
        }


class ResPartner(models.Model):
    """The question, asked on the contact's form."""

    _inherit = "res.partner"

    def action_sms_personal_data(self):
        """Show everything that is held on these contacts."""
        lookup = self.env["sms.person.lookup"].create({"partner_ids": self.ids})
        return lookup.action_look()


def harmless(text):
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
