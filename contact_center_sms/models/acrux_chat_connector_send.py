from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context


class AcruxChatConnector(models.Model):
    """What an agent writes becomes an SMS, in the transaction of the chat's line.

    It is sent by a job after the commit, the way of all single SMS. What the app rolls
    back, or Odoo repeats after a conflict, has sent nothing.
    """

    _inherit = "acrux.chat.connector"

    def _sms_send(self, data):
        """Store the SMS of a line and queue it; return it.

        :param data: what the app's ``message_parse`` makes of the line
        """
        self.check_access("read")
        if data.get("type", "text") != "text":
            raise UserError(self.env._("SMS carries text only."))
        line = self._sms_line(data)
        if line.sms_message_id:
            return line.sms_message_id
        message = self._sms_messages(line).create(self._sms_values(data, line))
        message.action_send()
        line.sms_message_id = message
        return message

    def _sms_line(self, data):
        """The chat's line that this request is about; none for other programs."""
        name = str(data.get("id") or "")
        lines = self.env["acrux.chat.message"]
        line = lines.browse(int(name) if name.isdecimal() else []).exists()
        line = line.filtered(lambda m: m.from_me and m.connector_id == self)
        line.check_access("write")
        # sudo: the SMS that it stands for need not be the agent's own.
        return line.sudo()

    def _sms_messages(self, line):
        """The ledger as this agent may use it.

        Whoever attends a conversation may answer there; anybody else needs the rights
        to write SMS. A client's default values are not meant for the ledger.
        """
        messages = self.env["sms.message"].with_company(self.company_id)
        # pylint: disable-next=context-overridden  # keys are to go
        messages = messages.with_context(clean_context(messages.env.context))
        # sudo: the ChatRoom's own rights decide here.
        return messages.sudo() if line else messages

    def _sms_values(self, data, line):
        key = data.get("to") or line.contact_id.number or ""
        phone = self._sms_phone(key) or key
        reply = self._sms_replied_to(phone, data.get("quote_msg_id"))
        return {
            "phone": phone,
            "partner_id": self._sms_partner(line, reply, phone).id,
            "body": data.get("text") or "",
            "company_id": self.company_id.id,
            "provider_id": (self.sms_provider_id or reply._answering()).id,
            "user_id": self._sms_author(line, reply).id,
            "parent_id": reply.id,
        }

    def _sms_replied_to(self, phone, quoted):
        """The SMS that is answered: the quoted one, else the customer's last."""
        # sudo: which of them it is, whoever it was assigned to.
        received = self.env["sms.message"].sudo()
        domain = [
            ("direction", "=", "incoming"),
            ("company_id", "=", self.company_id.id),
            ("phone", "=", phone),
        ]
        reply = received
        if quoted:
            reply = received.search([("reference", "=", quoted), *domain])
        return reply or received.search(domain, order="id desc", limit=1)

    def _sms_partner(self, line, reply, phone):
        partner = line.contact_id.res_partner_id or reply.partner_id
        messages = self.env["sms.message"].sudo()
        return partner or messages._find_partner_by_phone(phone, self.company_id)

    def _sms_author(self, line, reply):
        """Who writes; for a robot, who attends the customer."""
        if self.env.uid != SUPERUSER_ID:
            return self.env.user
        return line.contact_id.agent_id or reply.user_id or self.env.user
