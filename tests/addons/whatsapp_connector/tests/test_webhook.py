from odoo.tests import HttpCase, tagged

from .common import NUMBER


@tagged("post_install", "-at_install")
class TestWebhook(HttpCase):
    def setUp(self):
        super().setUp()
        self.connector = self.env["acrux.chat.connector"].create(
            {"name": "Hook", "source": "/", "token": "t", "uuid": "hook-uuid"}
        )

    def post(self, url, **params):
        return self.url_open(url, json={"jsonrpc": "2.0", "params": params})

    def test_posted_message_waits_in_the_queue_until_processed(self):
        url = "/acrux_webhook/whatsapp_connector/hook-uuid"
        raw = {"type": "text", "txt": "Ola", "id": "h1", "number": NUMBER}
        self.post(url, messages=[raw])
        queue = self.env["acrux.chat.work.queue"]
        domain = [("connector_id", "=", self.connector.id)]
        self.assertEqual(queue.search(domain).ttype, "in_message")
        self.post(f"{url}/process")
        self.assertFalse(queue.search(domain))
        messages = self.env["acrux.chat.message"].search(domain)
        self.assertEqual(messages.mapped("text"), ["Ola"])

    def test_unknown_uuid_stores_nothing(self):
        self.post("/acrux_webhook/whatsapp_connector/none", messages=[{"txt": "x"}])
        domain = [("connector_id", "=", self.connector.id)]
        self.assertFalse(self.env["acrux.chat.work.queue"].search(domain))
