from odoo.exceptions import AccessError

from ..tools.inbound import RejectionItem, ReplyItem, StatusItem
from .common import SmsCase

NUMBER = "+5511912345678"


class TestEventAgain(SmsCase):
    """A person has events applied again; that never does anything twice."""

    def setUp(self):
        super().setUp()
        self.supervisor = self.new_user("boss", "sms_base_sr.group_sms_manager")

    def apply_again(self, events):
        events.with_user(self.supervisor).action_apply_again()
        self.run_jobs()

    def give_up(self, event):
        """Let an event become unmatched, as ten vain rounds do."""
        self.env.cr.execute(
            "UPDATE sms_event SET state = 'unmatched', tries = 10 WHERE id = %s",
            [event.id],
        )
        event.invalidate_recordset()

    def test_an_unmatched_report_is_applied_once_its_message_is_there(self):
        event = self.tell(StatusItem(message_id="gw-1", state="delivered", code="3"))
        self.give_up(event)
        message = self.accepted_message(provider_message_id="gw-1")
        self.apply_again(event)
        self.assertEqual((event.state, event.message_id), ("applied", message))
        self.assertEqual(message.state, "delivered")

    def test_one_that_still_matches_nothing_waits_as_if_it_had_just_come(self):
        event = self.tell(StatusItem(message_id="nobody's", code="3"))
        self.give_up(event)
        self.apply_again(event)
        self.assertEqual((event.state, event.tries), ("new", 1))

    def test_everything_applied_again_changes_nothing(self):
        sent = self.accepted_message(provider_message_id="gw-1")
        refused = self.accepted_message(provider_job_id="req-1")
        refused.batch_id = self.env["sms.batch"].create(
            {
                "company_id": self.company.id,
                "provider_id": self.provider.id,
                "state": "sent",
                "provider_job_id": "req-1",
            }
        )
        events = self.tell(
            StatusItem(message_id="gw-1", state="error", code="4", text="no"),
            StatusItem(message_id="gw-1", state="delivered", code="3"),
            StatusItem(message_id="gw-1", state="sent", code="2"),
            RejectionItem(request_id="req-1", text="bad words"),
            ReplyItem(reply_id="r-1", text="SAIR", phone=NUMBER, message_id="gw-1"),
            ReplyItem(reply_id="r-2", text="Quanto fica?", phone=NUMBER),
        )
        self.run_jobs()
        before = self.everything(sent | refused)
        for _time in range(2):
            self.apply_again(events)
            self.assertEqual(set(events.mapped("state")), {"applied"})
            self.assertEqual(self.everything(sent | refused), before)

    def everything(self, messages):
        """What applying events may write."""
        incoming = self.env["sms.message"].search([("direction", "=", "incoming")])
        return {
            "messages": (messages | incoming).read(
                ["state", "failure_type", "error_message", "delivered_date", "cost"]
            ),
            "notes": len(self.partner.message_ids),
            "activities": len(self.partner.activity_ids),
            "blacklist": self.env["phone.blacklist"].search_count([]),
            "batches": messages.batch_id.mapped("state"),
        }

    def test_the_second_telling_of_a_reply_stays_one_message(self):
        told = self.tell(ReplyItem(text="Sim", phone=NUMBER))
        twin = self.tell(ReplyItem(reply_id="r-1", text="SIM", phone=NUMBER))
        message = told.message_id
        self.assertEqual(twin.message_id, message)
        self.apply_again(told | twin)
        self.assertEqual((told | twin).message_id, message)
        domain = [("direction", "=", "incoming")]
        self.assertEqual(self.env["sms.message"].search(domain), message)

    def test_supervisors_only(self):
        event = self.tell(StatusItem(message_id="nobody's", code="3"))
        for user in (self.salesperson, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                event.with_user(user).action_apply_again()
