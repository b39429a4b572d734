from datetime import datetime

from odoo.addons.sms_base_sr.tests.common import SmsCase
from odoo.addons.sms_base_sr.tools import inbound
from odoo.addons.sms_base_sr.tools.wakeup_window import WakeUpWindow
from odoo.addons.whatsapp_connector.tools import recorder

from ..models import sms_message_mirror


class ChatroomSmsCase(SmsCase):
    """A company whose ChatRoom has a connector for SMS, beside one for WhatsApp."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        connectors = cls.env["acrux.chat.connector"]
        cls.whatsapp = connectors.create(
            {
                "name": "WhatsApp",
                "connector_type": "apichat.io",
                "company_id": cls.company.id,
                "source": "/",
                "token": "token of WhatsApp",
                "uuid": "uuid of WhatsApp",
                "ca_status": True,
            }
        )
        cls.connector = cls.new_connector()

    def setUp(self):
        super().setUp()
        self.patch(sms_message_mirror, "window", WakeUpWindow(seconds=0.0))
        self.patch(sms_message_mirror, "slow_window", WakeUpWindow(seconds=0.0))
        recorder.reset()
        self.addCleanup(recorder.reset)

    @classmethod
    def new_connector(cls, **values):
        """Create an SMS connector with no more than a program would give."""
        return cls.env["acrux.chat.connector"].create(
            {
                "name": "SMS",
                "connector_type": "sms",
                "sms_provider_id": cls.provider.id,
                "company_id": cls.company.id,
                **values,
            }
        )

    def receive(self, *texts, phone="+5511912345678"):
        """Let a customer write; return the incoming messages, not yet mirrored."""
        before = self.env["sms.message"].search([], limit=1).id or 0
        items = [
            inbound.ReplyItem(
                reply_id=f"{phone}/{text}",
                text=text,
                phone=phone,
                occurred_at=datetime(2025, 11, 21, 15, 30),
            )
            for text in texts
        ]
        self.env["sms.event"]._store_items(self.provider, items, "webhook")
        self.run_jobs("_apply_replies")
        return self.env["sms.message"].search(
            [("direction", "=", "incoming"), ("id", ">", before)], order="id"
        )

    def conversations(self):
        """Conversations of the SMS connectors."""
        return self.env["acrux.chat.conversation"].search(
            [("connector_id.connector_type", "=", "sms")]
        )
