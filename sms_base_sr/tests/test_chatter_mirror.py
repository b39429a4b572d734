from odoo.addons.mail.tools.discuss import Store

from ..tools.inbound import StatusItem
from .common import SmsCase

STATUS = {
    "sent": ("pending", False),
    "delivered": ("sent", False),
    "error": ("exception", "sms_not_delivered"),
    "expired": ("exception", "sms_expired"),
    "rejected": ("bounce", "sms_rejected"),
}


class TestChatterMirror(SmsCase):
    """SMS stand in the customer's chatter as Odoo's own do, without their rows."""

    def send(self, **values):
        """Send a message and mirror it."""
        message = self.new_message(**values)
        message.action_send()
        self.run_jobs()
        return message

    def notification(self, message):
        return self.env["mail.notification"].search(
            [("sms_message_id", "=", message.id)]
        )

    def notes(self):
        return self.partner.message_ids.filtered(lambda m: m.message_type == "sms")

    def test_a_sent_message_is_an_sms_note_of_the_company(self):
        message = self.send(body="Olá")
        note = self.notes()
        self.assertRecordValues(
            note,
            [
                {
                    "model": "res.partner",
                    "res_id": self.partner.id,
                    "message_type": "sms",
                    "subtype_id": self.env.ref("mail.mt_note").id,
                    "author_id": self.company.partner_id.id,
                    "date": message.sent_date,
                    "is_internal": True,
                    "record_company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(note.body, "<p>Olá</p>")
        self.assertRecordValues(
            self.notification(message),
            [
                {
                    "mail_message_id": note.id,
                    "res_partner_id": self.partner.id,
                    "author_id": self.company.partner_id.id,
                    "notification_type": "sms",
                    "notification_status": "pending",
                    "failure_type": False,
                    "sms_number": message.phone,
                    "is_read": True,
                }
            ],
        )
        self.assertFalse(self.env["sms.sms"].search([("number", "=", message.phone)]))

    def test_the_browser_gets_what_it_shows_of_odoos_own_sms(self):
        message = self.send(body="Olá")
        data = Store().add(self.notes().with_user(self.salesperson)).get_result()
        (shown,) = data["mail.message"]
        self.assertEqual(shown["message_type"], "sms")
        self.assertIn("Olá", str(shown["body"]))
        (notification,) = data["mail.notification"]
        self.assertEqual(notification["id"], self.notification(message).id)
        self.assertEqual(notification["notification_type"], "sms")
        self.assertEqual(notification["notification_status"], "pending")

    def test_texts_are_escaped_and_keep_their_lines(self):
        cases = [
            ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
            ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
            ("&lt;b&gt;", "<p>&amp;lt;b&amp;gt;</p>"),
            ("primeira\nsegunda", "<p>primeira<br/>segunda</p>"),
            ("100% 'a' \"b\" \\n %s", "<p>100% 'a' \"b\" \\n %s</p>"),
            ("ação 👍🏽", "<p>ação 👍🏽</p>"),
        ]
        for text, expected in cases:
            with self.subTest(text=text):
                message = self.send(body=text)
                note = self.notification(message).mail_message_id
                self.env.cr.execute(
                    "SELECT body FROM mail_message WHERE id = %s", [note.id]
                )
                self.assertEqual(self.env.cr.fetchone()[0], expected)

    def test_mirroring_again_adds_nothing(self):
        message = self.send()
        message.batch_id._mirror_chatter()
        message.batch_id._mirror_chatter()
        self.assertEqual(len(self.notes()), 1)
        self.assertEqual(len(self.notification(message)), 1)

    def test_only_what_was_accepted_and_has_a_customer_gets_a_note(self):
        shown = self.accepted_message()
        hidden = {
            "no customer": self.accepted_message(partner_id=False),
            "never sent": self.accepted_message(state="canceled", sent_date=False),
            "another batch": self.accepted_message(),
        }
        batch = self.env["sms.batch"].create(
            {
                "company_id": self.company.id,
                "provider_id": self.provider.id,
                "state": "sent",
            }
        )
        for name, message in {**hidden, "shown": shown}.items():
            message.batch_id = name != "another batch" and batch
        batch._mirror_chatter()
        self.assertTrue(self.notification(shown))
        for name, message in hidden.items():
            with self.subTest(name):
                self.assertFalse(self.notification(message))

    def test_the_status_follows_the_reports(self):
        for state, (status, failure) in STATUS.items():
            with self.subTest(state=state):
                message = self.send()
                self.tell(
                    StatusItem(
                        reference=message.reference,
                        state=state,
                        code=state,
                        text="carrier says no",
                    )
                )
                self.run_jobs()
                self.assertEqual(message.state, state)
                notification = self.notification(message)
                self.assertEqual(notification.notification_status, status)
                self.assertEqual(notification.failure_type, failure)

    def test_a_late_delivery_takes_the_failure_away(self):
        message = self.send()
        for state in ("error", "delivered"):
            self.tell(StatusItem(reference=message.reference, state=state, code=state))
            self.run_jobs()
        notification = self.notification(message)
        self.assertEqual(notification.notification_status, "sent")
        self.assertFalse(notification.failure_type)
        self.assertFalse(notification.failure_reason)

    def test_a_message_reported_before_its_note_is_right_from_the_start(self):
        message = self.new_message()
        message.action_send()
        self.run_jobs("_send_batch")
        self.tell(StatusItem(reference=message.reference, state="delivered", code="3"))
        self.run_jobs("_mirror_chatter")
        self.assertEqual(self.notification(message).notification_status, "sent")

    def test_a_batch_that_was_deleted_meanwhile_has_nothing_to_show(self):
        message = self.new_message()
        message.action_send()
        self.run_jobs("_send_batch")
        batch = message.batch_id
        message.unlink()
        batch.unlink()
        for method in ("_mirror_chatter", "_mirror_statuses"):
            with self.subTest(method):
                getattr(batch, method)()
        self.run_jobs("_mirror_chatter")
        self.assertFalse(self.notes())

    def test_a_company_may_have_no_notes_at_all(self):
        self.company.sms_chatter_mode = "none"
        message = self.send()
        self.assertEqual(message.state, "sent")
        self.assertFalse(self.notes())
        methods = self.env["queue.job"].sudo().search([]).mapped("method_name")
        self.assertNotIn("_mirror_chatter", methods)

    def test_open_browsers_hear_of_single_messages_and_not_of_campaigns(self):
        group = self.env.ref("sms_base_sr.group_sms_user")
        channels = []
        self.patch(
            type(self.env["bus.bus"]),
            "_sendone",
            lambda bus, target, kind, message: channels.append(target),
        )
        message = self.send()
        self.assertIn(group, channels)
        run = self.env["sms.run"].create(
            {
                "name": "Campaign",
                "res_model": "res.partner",
                "res_id": self.partner.id,
                "company_id": self.company.id,
                "provider_id": self.provider.id,
                "text": "Olá",
            }
        )
        message.batch_id.run_id = run
        channels.clear()
        message.batch_id._mirror_statuses()
        message.batch_id._mirror_chatter()
        self.assertNotIn(group, channels)

    def test_deleting_a_message_leaves_the_note(self):
        message = self.send()
        note = self.notes()
        notification = self.notification(message)
        message.unlink()
        self.assertTrue(note.exists())
        self.assertFalse(notification.sms_message_id)
