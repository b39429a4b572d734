from datetime import datetime

from odoo.addons.sms_base_sr.tests.common import SmsCase
from odoo.addons.sms_base_sr.tools import inbound


class CampaignCase(SmsCase):
    """A campaign of the company, its contacts, and the jobs that send it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"name": "Crédito Exemplo", "phone": "(11) 4000-0000"})
        cls.campaign = cls.new_campaign()

    @classmethod
    def new_campaign(cls, **values):
        """Create a campaign with a text that every contact can fill."""
        return cls.env["contacts.realcred.campaign"].create(
            {
                "name_campaign": "Novembro",
                "message": "Olá |NOME|",
                "company_id": cls.company.id,
                "user_id": cls.salesperson.id,
                **values,
            }
        )

    @classmethod
    def new_contact(cls, number=1, **values):
        """Create the contact with the mobile number (11) 90000-000<number>."""
        return cls.env["contacts.realcred.batch"].create(
            {
                "name": f"Cliente {number}",
                "cpf": f"{number:011}",
                "telefone1": f"(11) 9{number:04}-0000",
                "updated_limit": True,
                "vi_rmi": 1000.0 + number,
                "campaing_id": cls.campaign.id,
                **values,
            }
        )

    @classmethod
    def new_contacts(cls, count):
        """Create contacts number 1 to ``count``."""
        contacts = cls.env["contacts.realcred.batch"]
        for number in range(1, count + 1):
            contacts |= cls.new_contact(number)
        return contacts

    def send_campaign(self, campaign=None):
        """Press the button as the campaign manager and run every job that is due."""
        campaign = campaign or self.campaign
        action = campaign.with_user(self.manager).action_send_campaign()
        self.run_jobs()
        self.refresh_figures()
        return action

    def plan_campaign(self, campaign=None):
        """Plan without sending; return the messages."""
        campaign = campaign or self.campaign
        campaign.with_user(self.manager).action_sms_plan()
        self.run_jobs("process_sms_campaign")
        return self.messages(campaign)

    def messages(self, campaign=None):
        """The outgoing messages of a campaign, in the order of its contacts."""
        campaign = campaign or self.campaign
        return self.env["sms.message"].search(
            [("campaign_id", "=", campaign.id), ("direction", "=", "outgoing")],
            order="source_id",
        )

    def message_of(self, contact):
        """The outgoing message of one contact."""
        return self.messages(contact.campaing_id).filtered(
            lambda message: message.source_id == contact.id
        )

    # -- what the gateway tells --------------------------------------------------------

    def report(self, message, state, **values):
        """Let the gateway report a state; the events' job applies it."""
        item = inbound.StatusItem(
            message_id=message.provider_message_id,
            state=state,
            occurred_at=datetime(2025, 11, 21, 15, 0),
            **values,
        )
        self._receive(item, "_apply_pending")
        self.refresh_figures()

    def reply(self, text, message=None, phone=None):
        """Let a customer write; return the incoming message."""
        before = self.env["sms.message"].search([], limit=1)
        self._receive(self.reply_item(text, message, phone), "_apply_replies")
        return self.env["sms.message"].search(
            [("direction", "=", "incoming"), ("id", ">", before.id or 0)]
        )

    def reply_item(self, text, message=None, phone=None):
        """A reply as a gateway's addon hands it over."""
        return inbound.ReplyItem(
            reply_id=f"{text}/{phone or message.phone}",
            text=text,
            phone=phone or message.phone,
            message_id=message and message.provider_message_id,
            occurred_at=datetime(2025, 11, 21, 15, 30),
        )

    def _receive(self, item, method):
        events = self.env["sms.event"]
        events._store_items(self.provider, [item], "webhook")
        # A wake-up window of another test may be open: make the job ourselves.
        getattr(events.with_delay(), method)()
        self.run_jobs(method)

    def refresh_figures(self):
        """Count as the counters' job does, whatever wake-up window is open."""
        self.env["sms.batch.stat"].with_delay()._recompute_touched()
        self.run_jobs("_recompute_touched")
