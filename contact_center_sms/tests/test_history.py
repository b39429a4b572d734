from datetime import datetime, timedelta

from odoo import api, fields
from odoo.tools import mute_logger

from odoo.addons.sms_base_sr.tests.test_query_counts import CountingCursor
from odoo.addons.whatsapp_connector.tools import recorder

from ..models.sms_batch import SHOW
from .common import ChatroomSmsCase

NUMBER = "+5511912345678"
REPLIED = datetime(2025, 11, 21, 15, 30)


class TestHistory(ChatroomSmsCase):
    """What was texted stands in the conversation of who answers, and only there."""

    def texted(self, text="Temos uma oferta", before=timedelta(hours=1), **values):
        """An SMS that the gateway accepted so long before the reply."""
        return self.accepted_message(body=text, sent_date=REPLIED - before, **values)

    def campaign(self, **values):
        run = self.env["sms.run"].create(
            {
                "name": "Novembro",
                "company_id": self.company.id,
                "provider_id": self.provider.id,
                **values,
            }
        )
        return run

    def answer(self, text="Quero"):
        reply = self.receive(text)
        self.run_jobs("_mirror_chatroom")
        return reply

    def lines(self):
        """Lines of the conversations, oldest first, as the app shows them."""
        lines = self.env["acrux.chat.message"].search(
            [("contact_id", "in", self.conversations().ids)]
        )
        return lines[::-1]

    def texts(self):
        return [(line.from_me, line.text) for line in self.lines()]

    # -- when a conversation begins ----------------------------------------------------

    def test_the_text_that_a_customer_answers_stands_above_the_answer(self):
        sent = self.texted(run_id=self.campaign().id, user_id=self.salesperson.id)
        self.answer()
        self.assertEqual(self.texts(), [(True, "Temos uma oferta"), (False, "Quero")])
        self.assertRecordValues(
            self.lines()[0],
            [
                {
                    "msgid": sent.reference,
                    "sms_message_id": sent.id,
                    "date_message": sent.sent_date,
                    "sent_date": sent.sent_date,
                    "ttype": "text",
                    "user_id": self.salesperson.id,
                    "error_msg": False,
                }
            ],
        )

    def test_the_same_second_keeps_question_and_answer_in_order(self):
        self.texted(before=timedelta(0))
        self.answer()
        self.assertEqual([text for _me, text in self.texts()][0], "Temos uma oferta")

    def test_history_is_never_sent(self):
        self.texted()
        self.answer()
        self.run_jobs()
        self.assertFalse(recorder.CALLS)
        self.assertFalse(self.gateway.calls)
        self.assertEqual(self.conversations().status, "new")
        self.assertTrue(self.conversations().unanswered)

    def test_both_directions_and_colleagues_sms_in_order_each_once(self):
        colleague = self.new_user("colleague", "sms_base_sr.group_sms_user")
        self.texted("um", timedelta(hours=4), user_id=colleague.id)
        self.texted("dois", timedelta(hours=3), direction="incoming", state="delivered")
        self.texted("três", timedelta(hours=2), run_id=self.campaign().id)
        self.answer("quatro")
        expected = [(True, "um"), (False, "dois"), (True, "três"), (False, "quatro")]
        self.assertEqual(self.texts(), expected)
        self.answer("cinco")
        self.assertEqual(self.texts(), [*expected, (False, "cinco")])
        self.assertEqual(self.lines()[0].user_id, colleague)

    def test_what_never_left_is_no_history(self):
        self.new_message(phone=NUMBER)
        self.new_message(phone=NUMBER, state="canceled")
        self.answer()
        self.assertEqual(self.texts(), [(False, "Quero")])

    def test_what_failed_says_why(self):
        self.texted(state="error", failure_type="gateway_content", error_message="X9")
        self.texted(state="expired")
        self.answer()
        errors = [line.error_msg for line in self.lines()]
        reason = self.env["sms.message"]._history_label(
            "failure_type", "gateway_content"
        )
        self.assertEqual(errors, [f"{reason}: X9", "Expired", False])

    def test_other_numbers_companies_and_accounts_stay_apart(self):
        other = self.provider.copy({"name": "Other account"})
        self.new_connector(name="Other connector", sms_provider_id=other.id)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.texted("alheio", phone="+5511900000000")
        self.texted("outra conta", provider_id=other.id)
        self.texted("outra empresa", company_id=company.id, provider_id=False)
        self.answer()
        self.assertEqual(self.texts(), [(False, "Quero")])

    def test_an_account_without_connector_of_its_own_is_history_too(self):
        old = self.provider.copy({"name": "Account of last year"})
        self.texted("ano passado", provider_id=old.id)
        self.answer()
        self.assertEqual(len(self.texts()), 2)

    def test_the_last_ones_by_the_setting(self):
        for number in range(5):
            self.texted(f"texto {number}", timedelta(hours=10 - number))
        self.company.sms_chatroom_history_count = 2
        self.answer()
        # Of the last two, the answer itself is one that stands there already.
        texts = [text for _me, text in self.texts()]
        self.assertEqual(texts, ["texto 4", "Quero"])

    def test_none_shows_what_customers_write_only(self):
        self.company.sms_chatroom_history = "none"
        self.texted(run_id=self.campaign().id)
        self.answer()
        self.assertEqual(self.texts(), [(False, "Quero")])

    def test_the_setting_is_on_the_settings_page(self):
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.sms_chatroom_history, "answered")
        settings.sms_chatroom_history = "none"
        self.assertEqual(self.company.sms_chatroom_history, "none")

    def test_a_history_that_fails_keeps_no_reply_waiting(self):
        sent = self.texted()
        model = self.env.registry["acrux.chat.message"]
        create = model.create

        @api.model_create_multi
        def refuse(lines, vals_list):
            if any(values.get("text") == sent.body for values in vals_list):
                raise ValueError("No such line.")
            return create(lines, vals_list)

        self.patch(model, "create", refuse)
        with self.assertLogs("odoo.addons.contact_center_sms", "WARNING"):
            self.answer()
        self.assertEqual(self.texts(), [(False, "Quero")])
        row = self.env["sms.chatroom.todo"].search([])
        self.assertEqual(row.message_id, sent)
        self.assertTrue(row.is_history)
        self.patch(model, "create", create)
        row.not_before = False
        self.env["sms.message"]._wake_up_chatroom()
        self.run_jobs("_mirror_chatroom")
        self.assertEqual(self.texts(), [(True, sent.body), (False, "Quero")])

    # -- live --------------------------------------------------------------------------

    def send_single(self, text="R$ 100", user=None):
        message = self.new_message(body=text, phone=NUMBER)
        message.with_user(user or self.salesperson).action_send()
        self.run_jobs("_send_batch", "_mirror_chatroom")
        return message

    def test_what_a_colleague_sends_to_who_talks_here_appears(self):
        self.answer()
        self.conversations().set_to_new()
        self.env["bus.bus"].search([]).unlink()
        message = self.send_single()
        self.assertEqual(self.texts(), [(False, "Quero"), (True, "R$ 100")])
        self.assertEqual(self.lines()[-1].sms_message_id, message)
        self.assertEqual(self.lines()[-1].sent_date, message.sent_date)
        told = self.env["bus.bus"].search([]).mapped("message")
        told = [text for text in told if '"update_conversation"' in text]
        self.assertEqual(len(told), 1)
        self.assertIn("R$ 100", told[0])
        self.assertEqual(len(self.gateway.calls), 1)

    def test_it_appears_with_the_setting_none_as_well(self):
        self.company.sms_chatroom_history = "none"
        self.answer()
        self.send_single()
        self.assertEqual(len(self.texts()), 2)

    def test_who_has_no_conversation_gets_none(self):
        self.send_single()
        self.assertFalse(self.conversations())
        self.assertFalse(self.env["sms.chatroom.todo"].search([]))
        self.assertFalse(self.env["sms.batch.todo"].search([("method", "=", SHOW)]))

    def test_a_line_that_the_chatroom_made_is_not_doubled(self):
        self.answer()
        message = self.new_message(body="Do ChatRoom", phone=NUMBER)
        self.env["acrux.chat.message"].create(
            {
                "contact_id": self.conversations().id,
                "text": "Do ChatRoom",
                "from_me": True,
                "msgid": message.reference,
            }
        )
        message.action_send()
        self.run_jobs("_send_batch", "_mirror_chatroom")
        self.assertEqual(len(self.texts()), 2)

    def test_a_conversation_that_is_done_stays_done(self):
        self.answer()
        self.conversations().set_to_done()
        self.env["bus.bus"].search([]).unlink()
        self.send_single()
        self.assertEqual(self.conversations().status, "done")
        told = " ".join(self.env["bus.bus"].search([]).mapped("message"))
        self.assertNotIn('"update_conversation"', told)

    def test_losing_every_job_loses_no_line(self):
        self.answer()
        message = self.new_message(body="R$ 100", phone=NUMBER)
        message.action_send()
        self.run_jobs("_send_batch")
        self.env["queue.job"].sudo().search([]).unlink()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sms_batch_todo SET promised_at = promised_at - interval '1 hour'"
        )
        self.env.invalidate_all()
        self.env["sms.chatroom.todo"]._sweep_chatroom()
        self.run_jobs("_mirror_chatroom")
        self.assertEqual(self.lines()[-1].sms_message_id, message)

    @mute_logger("odoo.sql_db")
    def test_an_sms_is_one_line(self):
        reply = self.answer()
        with self.assertRaisesRegex(Exception, "sms_once"), self.env.cr.savepoint():
            self.lines().copy({"sms_message_id": reply.id})

    # -- campaigns ---------------------------------------------------------------------

    def sent_batch(self, count):
        """A campaign's batch, accepted, whose customers have not answered."""
        run = self.campaign()
        batch = self.env["sms.batch"].create(
            {
                "run_id": run.id,
                "provider_id": self.provider.id,
                "company_id": self.company.id,
                "message_count": count,
                "state": "sent",
            }
        )
        self.env["sms.message"].create(
            [
                {
                    "phone": f"+55119{number:08}",
                    "body": "Oferta",
                    "state": "sent",
                    "run_id": run.id,
                    "batch_id": batch.id,
                    "provider_id": self.provider.id,
                    "sent_date": fields.Datetime.now(),
                }
                for number in range(count)
            ]
        )
        return batch

    def statements(self, work):
        """Count the statements of some work."""
        self.env.flush_all()
        cr = self.env.cr
        counting = CountingCursor(cr._obj)
        cr._obj = counting
        try:
            work()
            self.env.flush_all()
        finally:
            cr._obj = counting.cursor
        return counting.statements

    def test_texting_makes_no_conversation_and_no_line(self):
        batch = self.sent_batch(50)
        batch._enqueue_followers()
        self.run_jobs("_mirror_chatroom")
        self.assertFalse(self.conversations())
        self.assertFalse(self.env["acrux.chat.message"].search([]))
        self.assertFalse(self.env["sms.chatroom.todo"].search([]))

    def test_a_company_without_chatroom_promises_nothing(self):
        self.connector.unlink()
        self.sent_batch(10)._enqueue_followers()
        self.assertFalse(self.env["sms.batch.todo"].search([("method", "=", SHOW)]))
        self.assertFalse(self.pending_jobs("_mirror_chatroom"))

    def test_the_sender_pays_one_statement_for_a_batch_of_any_size(self):
        for count in (10, 500):
            batch = self.sent_batch(count)
            found = self.statements(lambda b=batch: b._promise_to_show())
            self.assertEqual(len(found), 1)

    def test_looking_costs_the_same_for_any_number_of_texts(self):
        def look():
            self.env["sms.batch"]._promise_lines()

        counts = []
        for count in (10, 500):
            self.sent_batch(count)._promise_to_show()
            counts.append(len(self.statements(look)))
        self.assertEqual(counts, [2, 2])

    def test_a_campaign_appears_for_who_talks_here_already(self):
        self.receive("Quero", phone="+5511900000003")
        self.run_jobs("_mirror_chatroom")
        self.sent_batch(10)._enqueue_followers()
        self.run_jobs("_mirror_chatroom")
        self.assertEqual(self.texts(), [(False, "Quero"), (True, "Oferta")])

    def test_with_none_a_campaign_appears_for_nobody(self):
        self.company.sms_chatroom_history = "none"
        self.receive("Quero", phone="+5511900000003")
        self.run_jobs("_mirror_chatroom")
        self.sent_batch(10)._enqueue_followers()
        self.run_jobs("_mirror_chatroom")
        self.assertEqual(self.texts(), [(False, "Quero")])
