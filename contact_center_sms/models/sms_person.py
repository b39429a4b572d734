from odoo import api, models

from odoo.addons.sms_base_sr.tools.personal_data import DELETE, Place

# Conversations of this person through the SMS connectors of the company. Other
# channels are not ours to erase: they have agreements and records of their own.
CONVERSATIONS_SQL = """
    SELECT c.id FROM acrux_chat_conversation c
    JOIN acrux_chat_connector k ON k.id = c.connector_id
    WHERE k.connector_type = 'sms' AND k.company_id = %(company)s
      AND (c.number = ANY(%(exact)s) OR c.res_partner_id = ANY(%(partners)s))
"""


class SmsPerson(models.AbstractModel):
    """What the ChatRoom holds on a person of what was said by SMS."""

    _inherit = "sms.person"

    @api.model
    def _places(self):
        return [*CHATROOM, *super()._places()]


CHATROOM = (
    Place(
        "sms.chatroom.todo",
        "t.message_id = ANY(%(messages)s)",
        ("promised_at", "error"),
        DELETE,
    ),
    Place(
        "acrux.chat.message",
        f"""t.sms_message_id = ANY(%(messages)s)
            OR t.contact_id IN ({CONVERSATIONS_SQL})""",
        ("date_message", "from_me", "text", "contact_name", "contact_number"),
        # An id of any kind: a line without one would be sent again.
        """text = NULL, name = NULL, contact_name = NULL, contact_number = NULL,
            metadata_json = NULL, error_msg = NULL, sms_message_id = NULL,
            msgid = 'forgotten:' || id""",
    ),
    Place(
        "mail.message",
        f"""t.model = 'acrux.chat.conversation'
            AND t.res_id IN ({CONVERSATIONS_SQL})""",
        ("date", "message_type", "subject", "body"),
        DELETE,
    ),
    Place(
        "acrux.chat.work.queue",
        """t.connector_id IN (SELECT id FROM acrux_chat_connector
                WHERE connector_type = 'sms' AND company_id = %(company)s)
            AND t.data::text LIKE ANY(%(like)s)""",
        ("create_date", "ttype", "data"),
        DELETE,
        shared=("data",),
    ),
    # Last: the lines are found by it.
    Place(
        "acrux.chat.conversation",
        f"t.id IN ({CONVERSATIONS_SQL})",
        ("name", "number", "status", "last_activity"),
        """name = %(token)s, number = %(token)s || '-' || id,
            number_format = %(token)s, res_partner_id = NULL""",
    ),
)
