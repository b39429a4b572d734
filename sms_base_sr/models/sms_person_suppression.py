from odoo import api, models

from ..tools.personal_data import DELETE, Place

CONSENTS = """(t.company_id = %(company)s AND (t.phone = ANY(%(numbers)s)
    OR t.partner_id = ANY(%(partners)s)))"""
# The files of the consents: found by them, so they go first.
EVIDENCE = Place(
    "ir.attachment",
    f"""t.res_model = 'sms.consent' AND t.res_id IN (
        SELECT t.id FROM sms_consent t WHERE {CONSENTS})""",
    ("create_date", "name", "mimetype"),
    DELETE,
)
CONSENT = Place(
    "sms.consent",
    CONSENTS,
    (
        "phone",
        "purpose",
        "basis",
        "source",
        "evidence",
        "evidence_url",
        "evidence_file_name",
        "date_from",
        "date_until",
        "revoked_date",
        "revoked_reason",
    ),
    """phone = %(token)s, partner_id = NULL, evidence = NULL, evidence_url = NULL,
        evidence_file_name = NULL, revoked_reason = NULL, message_id = NULL,
        revoked_message_id = NULL""",
)
BLOCKED = Place(
    "sms.gateway.block",
    "t.provider_id = ANY(%(providers)s) AND t.number = ANY(%(numbers)s)",
    ("number", "reason", "since"),
    DELETE,
)
LISTED = Place(
    "sms.do.not.disturb.number",
    """t.number = ANY(%(numbers)s) AND t.list_id IN (
        SELECT id FROM sms_do_not_disturb
        WHERE company_id = %(company)s OR company_id IS NULL)""",
    ("list_id", "number"),
    kept="The number stays on the list, so that nobody texts it.",
)


class SmsPerson(models.AbstractModel):
    """What says that a person may, or may not, be texted."""

    _inherit = "sms.person"

    @api.model
    def _places(self):
        return [EVIDENCE, CONSENT, BLOCKED, LISTED, *super()._places()]

    @api.model
    def _forget_place(self, place, values):
        """Files go with their records, which a DELETE by SQL would leave behind."""
        if place != EVIDENCE:
            return super()._forget_place(place, values)
        found = self._read_place(place, values)
        # sudo: evidence is erased by who may erase, whoever has recorded it.
        files = self.env["ir.attachment"].sudo().browse(row["id"] for row in found)
        files.unlink()
        return len(found)
