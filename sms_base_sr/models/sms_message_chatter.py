from odoo import api, models
from odoo.tools import SQL

from ..tools.chatter_sql import NOTES_SQL


class SmsMessage(models.Model):
    """Notes in the partners' chatter, in Odoo's own look, by one statement.

    The ORM would take eight times as long. The author is the company, never a user,
    whose messaging menu would fill with failures. A company may want fewer of them:
    what campaigns send is then shown from the moment at which it is answered.
    """

    _inherit = "sms.message"

    def _note_answered(self):
        """Show what these replies answer, where that was not worth a note before."""
        for company, replies in self.grouped("company_id").items():
            if company.sms_chatter_mode == "answered":
                answered = SQL("m.id = ANY(%s)", replies.parent_id.ids)
                self._write_notes(company, answered)

    @api.model
    def _write_notes(self, company, condition):
        """Write the notes of a company's sent messages that have none yet."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                NOTES_SQL,
                condition=condition,
                subtype=self.env.ref("mail.mt_note").id,
                author=company.partner_id.id,
                email=company.email_formatted or company.name,
                company=company.id,
                uid=self.env.uid,
            )
        )
        self.env.invalidate_all()
