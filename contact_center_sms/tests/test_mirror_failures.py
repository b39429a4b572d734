from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from odoo.addons.sms_base_sr.tools.wakeup_window import WakeUpWindow

from ..models import sms_message_mirror
from .common import ChatroomSmsCase

NUMBER = "5511912345678"
LOGGER = "odoo.addons.contact_center_sms.models.sms_message_mirror"


class TestMirrorFailures(ChatroomSmsCase):
    """The ChatRoom fails, jobs get lost: every reply is shown once in the end."""

    def failing(self, *texts):
        """Have the ChatRoom refuse messages with these texts."""
        model = self.env.registry["acrux.chat.conversation"]
        new_message = model.new_message

        def refuse(conversations, data):
            if data["message"] in texts:
                # pylint: disable-next=translation-required
                raise ValidationError("The ChatRoom is out of order.")
            return new_message(conversations, data)

        return patch.object(model, "new_message", refuse)

    def waiting(self):
        """What the ChatRoom does not show yet."""
        return self.env["sms.chatroom.todo"].search([])

    def let_time_pass(self):
        """Have what is put off be due, and the sweeper look."""
        self.waiting().write({"not_before": "2025-01-01", "promised_at": "2025-01-01"})
        self.env.flush_all()
        self.env["sms.chatroom.todo"]._sweep_chatroom()
        self.run_jobs("_mirror_chatroom")

    def test_a_failure_of_the_chatroom_leaves_the_sms_and_is_repeated(self):
        reply = self.receive("Quero")
        with self.failing("Quero"), self.assertLogs(LOGGER, "WARNING"):
            self.assertFalse(self.run_jobs("_mirror_chatroom"))
        self.assertRecordValues(
            reply,
            [{"body": "Quero", "state": "delivered", "partner_id": self.partner.id}],
        )
        self.assertIn("Quero", self.partner.message_ids[0].body)
        self.assertFalse(self.conversations())
        row = self.waiting()
        self.assertRecordValues(
            row,
            [
                {
                    "message_id": reply.id,
                    "tries": 1,
                    "error": "The ChatRoom is out of order.",
                }
            ],
        )
        self.assertGreater(row.not_before, fields.Datetime.now())
        self.let_time_pass()
        self.assertEqual(self.conversations().chat_message_ids.sms_message_id, reply)
        self.assertFalse(self.waiting())

    def test_each_try_waits_longer(self):
        self.receive("Quero")
        minutes = []
        for _try in range(4):
            with self.failing("Quero"), self.assertLogs(LOGGER, "WARNING"):
                self.let_time_pass()
            wait = self.waiting().not_before - fields.Datetime.now()
            # A second may have begun since: 599 s are ten minutes.
            minutes.append(round(wait.total_seconds() / 60))
        self.assertEqual(minutes, [1, 3, 10, 10])
        self.assertEqual(self.waiting().tries, 4)

    def test_a_supervisor_may_have_it_tried_at_once(self):
        reply = self.receive("Quero")
        with self.failing("Quero"), self.assertLogs(LOGGER, "WARNING"):
            self.run_jobs("_mirror_chatroom")
        supervisor = self.new_user("super", "sms_base_sr.group_sms_manager")
        self.waiting().with_user(supervisor).action_try_now()
        self.run_jobs("_mirror_chatroom")
        self.assertEqual(self.conversations().chat_message_ids.sms_message_id, reply)

    def test_a_reply_that_the_chatroom_refuses_does_not_stop_the_others(self):
        replies = self.receive("um", "dois", "três")
        with self.failing("dois"), self.assertLogs(LOGGER, "WARNING"):
            self.run_jobs("_mirror_chatroom")
        lines = self.conversations().chat_message_ids.sorted("id")
        self.assertEqual(lines.mapped("text"), ["um", "três"])
        self.assertEqual(self.waiting().message_id, replies[1])
        self.let_time_pass()
        lines = self.conversations().chat_message_ids
        self.assertEqual(lines.sms_message_id, replies)

    def test_what_the_chatroom_rolls_back_is_not_taken_for_shown(self):
        reply = self.receive("Quero")
        model = self.env.registry["acrux.chat.conversation"]
        new_message = model.new_message

        def vanish(conversations, data):
            line = new_message(conversations, data)
            conversations.env["acrux.chat.message"].flush_model()
            conversations.env.cr.execute(
                "UPDATE acrux_chat_message SET msgid = NULL WHERE id = %s", [line.id]
            )
            return conversations.env["acrux.chat.message"]

        with patch.object(model, "new_message", vanish):
            with self.assertLogs(LOGGER, "WARNING"):
                self.run_jobs("_mirror_chatroom")
        self.assertEqual(self.waiting().message_id, reply)
        self.assertFalse(self.conversations())

    @mute_logger("odoo.sql_db")
    def test_a_lost_race_is_repeated_in_a_new_transaction(self):
        reply = self.receive("Quero")
        winner = self.env["acrux.chat.conversation"].create(
            {"name": "Made first", "number": NUMBER, "connector_id": self.connector.id}
        )
        model = self.env.registry["acrux.chat.conversation"]
        # Another transaction's row: the unique index knows it, a search does not.
        with patch.object(model, "search", lambda records, *_a, **_k: records.browse()):
            self.run_job(self.pending_jobs("_mirror_chatroom"))
        self.assertFalse(winner.chat_message_ids)
        self.assertEqual(self.waiting().tries, 0, self.waiting().error)
        self.assertFalse(self.run_jobs("_mirror_chatroom"))
        self.assertEqual(winner.chat_message_ids.sms_message_id, reply)
        self.assertEqual(self.conversations(), winner)
        self.assertEqual(winner.res_partner_id, self.partner)

    # -- jobs are wake-up calls --------------------------------------------------------

    def test_losing_every_job_loses_no_reply(self):
        reply = self.receive("Quero")
        self.env["queue.job"].sudo().search([]).unlink()
        self.let_time_pass()
        self.assertEqual(self.conversations().chat_message_ids.sms_message_id, reply)

    def test_the_sweeper_leaves_fresh_replies_to_their_job(self):
        self.receive("Quero")
        self.env["queue.job"].sudo().search([]).unlink()
        self.env["sms.chatroom.todo"]._sweep_chatroom()
        self.assertFalse(self.pending_jobs("_mirror_chatroom"))
        steps = self.env["sms.batch"]._sweep_steps()
        self.assertIn(("sms.chatroom.todo", "_sweep_chatroom"), steps)

    def test_many_replies_wait_for_one_job(self):
        self.patch(sms_message_mirror, "window", WakeUpWindow(seconds=60.0))
        for text in ("um", "dois", "três"):
            self.receive(text)
        self.assertEqual(len(self.pending_jobs("_mirror_chatroom")), 1)
        self.run_job(self.pending_jobs("_mirror_chatroom"))
        self.assertEqual(len(self.conversations().chat_message_ids), 3)

    def test_one_job_that_waits_for_another_is_enough(self):
        self.receive("um")
        working = self.pending_jobs("_mirror_chatroom")
        working.state = "started"
        self.receive("dois")
        waiting = self.pending_jobs("_mirror_chatroom")
        self.assertEqual(len(waiting), 1)
        waiting.eta = fields.Datetime.now() - timedelta(seconds=1)
        self.env.flush_all()
        self.receive("três")
        self.assertEqual(self.pending_jobs("_mirror_chatroom"), waiting)

    def test_a_job_that_has_taken_something_looks_again(self):
        self.receive("Quero")
        self.run_job(self.pending_jobs("_mirror_chatroom")[0])
        again = (
            self.env["queue.job"]
            .sudo()
            .search(
                [("method_name", "=", "_mirror_chatroom"), ("state", "=", "pending")]
            )
        )
        self.assertEqual(len(again), 1)
        self.run_job(again)
        self.assertFalse(self.pending_jobs("_mirror_chatroom"))

    def test_a_page_that_is_full_is_not_the_last(self):
        self.receive(*(f"texto {number}" for number in range(45)))
        self.run_job(self.pending_jobs("_mirror_chatroom"))
        lines = self.conversations().chat_message_ids.sorted("id")
        self.assertEqual(len(lines), 45)
        self.assertEqual(lines.sms_message_id, lines.sms_message_id.sorted("id"))

    def test_a_lost_job_of_the_mirror_needs_no_repair(self):
        jobs = self.env["queue.job"]._sms_ledger_jobs()
        self.assertIn(("sms.message", "_mirror_chatroom"), jobs)
