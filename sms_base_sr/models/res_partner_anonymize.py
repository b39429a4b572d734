from odoo import models
from odoo.exceptions import UserError

# What a contact's own record keeps of a person, where the field exists.
BLANK = (
    "phone",
    "mobile",
    "email",
    "vat",
    "ref",
    "function",
    "comment",
    "website",
    "street",
    "street2",
    "zip",
    "city",
    "image_1920",
    "state_id",
    "user_id",
    "category_id",
)


class ResPartner(models.Model):
    """The contact's own record, erased at request only: others may need it."""

    _inherit = "res.partner"

    def _sms_anonymize(self):
        """Blank and archive these contacts, with what their fields were before.

        :raises UserError: somebody logs in as one of them
        """
        # sudo: administrators of SMS need no right to write all contacts.
        partners = self.sudo().with_context(tracking_disable=True, active_test=False)
        if partners.user_ids:
            raise UserError(
                self.env._("A contact who logs in is deleted under Settings › Users.")
            )
        values = {name: False for name in BLANK if name in self._fields}
        for partner in partners:
            name = self.env._("Erased contact %s", partner.id)
            partner.write({**values, "name": name, "active": False})
        partners.env.flush_all()
        self.env.cr.execute(
            """
            DELETE FROM mail_tracking_value t USING mail_message m
            WHERE m.id = t.mail_message_id AND m.model = 'res.partner'
              AND m.res_id = ANY(%s)
            """,
            [self.ids],
        )
        self.env["mail.message"].invalidate_model()
