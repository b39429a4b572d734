from ..tools.inbound import ReplyItem
from .campaign_case import CampaignCase

NUMBER = "+5511912345678"
STRANGER = "+5531988887777"


class ReplyCase(CampaignCase):
    """Customers who answer, and what their answers lead to."""

    def reply(self, text="Quanto fica?", **values):
        """Let a customer answer; returns the incoming message."""
        self.count = getattr(self, "count", 0) + 1
        values = {"reply_id": f"r-{self.count}", "phone": NUMBER, **values}
        event = self.tell(ReplyItem(text=text, **values))
        self.assertEqual(event.state, "applied")
        return event.message_id

    def activities(self, partner=None):
        """Open activities that ask for an answer to a customer."""
        return self.env["sms.message"]._reply_activities(partner or self.partner)

    def notes(self, partner=None):
        """SMS that stand in a customer's chatter."""
        messages = (partner or self.partner).message_ids
        return messages.filtered(lambda m: m.message_type == "sms")

    def blacklisted(self, number=NUMBER):
        """The active entry of a number."""
        return self.env["phone.blacklist"].search([("number", "=", number)])

    def answer(self, reply, user=None, text="R$ 100", send=True):
        """Answer as the dialog does; returns the SMS."""
        reply = reply.with_user(user or self.salesperson)
        context = reply.action_reply()["context"]
        message = reply.with_context(**context).create({"body": text})
        if send:
            message.action_send()
        return message.sudo()
