"""The contract, third part: the whole way of a batch through the engine."""

from datetime import timedelta

from odoo import fields

from .provider_stage import ProviderStage
from .provider_wire import free_port

PHONES = ("+5511912345678", "+5521987654321", "+5531988887777")


class LedgerContract(ProviderStage):
    """At most once on the wire, and a true state for each message in the end."""

    def batch_of(self, provider, phones=PHONES):
        """Make a queued batch of one message a phone."""
        batch = self.env["sms.batch"].create(
            {
                "company_id": provider.company_id.id,
                "provider_id": provider.id,
                "state": "queued",
                "message_count": len(phones),
            }
        )
        for phone in phones:
            values = {"state": "outgoing", "provider_id": provider.id}
            self.new_message(partner_id=False, phone=phone, batch_id=batch.id, **values)
        batch._enqueue()
        return batch

    def send(self, provider, phones=PHONES):
        batch = self.batch_of(provider, phones)
        self.run_jobs("_send_batch")
        return batch

    def states_of(self, batch):
        return batch.message_ids.sorted("id").mapped("state")

    def took_each_once(self, batch):
        """The gateway's own books, where the type has a gateway."""
        references = self.accepted()
        if references:
            ours = batch.message_ids.mapped("reference")
            taken = [reference for reference in references if reference in ours]
            self.assertEqual(sorted(taken), sorted(ours))

    def ask_again(self, batch, minutes=4):
        """Let some time pass, then let the engine ask once."""
        past = timedelta(minutes=minutes)
        for record in [batch, *batch.attempt_ids]:
            for name in ("ask_at", "attempt_deadline", "deadline", "not_found_at"):
                if name in record and record[name]:
                    record[name] -= past
        batch.ask_at = False
        self.pass_time()
        batch._enqueue_recovery()
        self.run_jobs("_recover")

    def test_a_batch_is_accepted_once_however_often_its_job_runs(self):
        self.accept_everything()
        batch = self.send(self.make_provider())
        batch._enqueue()
        self.run_jobs("_send_batch")
        self.assertEqual((batch.state, batch.attempt), ("sent", 1))
        self.assertEqual(set(self.states_of(batch)), {"sent"})
        self.assertTrue(all(m.provider_message_id for m in batch.message_ids))
        self.took_each_once(batch)

    def test_a_call_that_cannot_be_made_goes_back_to_the_queue(self):
        provider = self.make_provider()
        batch = self.batch_of(provider)
        if self.point_to(provider, f"http://127.0.0.1:{free_port()}") is False:
            return
        self.run_jobs("_send_batch")
        self.assertEqual((batch.state, batch.tries), ("queued", 1))
        self.assertEqual(set(self.states_of(batch)), {"outgoing"})

    def test_refused_content_never_takes_the_others_with_it(self):
        if not self.REFUSES_CONTENT:
            return
        for row, states in {1: {"sent", "rejected"}, None: {"sent"}}.items():
            with self.subTest(row=row):
                self.accept_everything()
                self.refuse_content(row)
                provider = self.make_provider()
                messages = self.batch_of(provider).message_ids
                for _part in range(4):
                    self.run_jobs("_send_batch")
                    self.pass_time()
                self.assertEqual(set(messages.mapped("state")), states)

    # -- nobody knows ------------------------------------------------------------------

    def lost(self, provider, accepted):
        """A batch whose answer got lost, or whose caller died, by the type."""
        batch = self.batch_of(provider)
        self.lose_answer(accepted)
        self.run_jobs("_send_batch")
        self.assertEqual(batch.state, "unknown")
        self.run_jobs("_send_batch")
        self.assertEqual(batch.state, "unknown", "never sent again blindly")
        return batch

    def test_what_was_accepted_is_found_and_never_sent_again(self):
        provider = self.make_provider()
        if not provider._can("query_batch"):
            return
        self.accept_everything()
        batch = self.lost(provider, accepted=True)
        self.ask_again(batch)
        self.assertEqual(batch.state, "sent")
        self.assertEqual(set(self.states_of(batch)), {"sent"})
        self.took_each_once(batch)

    def test_what_never_arrived_is_sent_again_when_the_gateway_is_sure(self):
        provider = self.make_provider()
        if not provider._can("query_batch"):
            return
        self.accept_everything()
        self.send(provider, ["+5541988887777"])
        batch = self.lost(provider, accepted=False)
        self.ask_again(batch)
        self.assertEqual(batch.state, "unknown", "once is not enough")
        self.ask_again(batch)
        self.assertEqual(batch.state, "queued")
        self.run_jobs("_send_batch")
        self.assertEqual((batch.state, batch.attempt), ("sent", 2))
        self.took_each_once(batch)

    def test_not_found_is_not_believed_of_a_gateway_that_forgets(self):
        provider = self.make_provider()
        if not provider._can("query_batch"):
            return
        self.accept_everything()
        self.send(provider, ["+5541988887777"])
        batch = self.lost(provider, accepted=True)
        self.know_nothing()
        for _question in range(3):
            self.ask_again(batch)
        self.assertEqual(batch.state, "unknown")

    def test_without_an_answer_a_person_decides_in_the_end(self):
        provider = self.make_provider()
        if not provider._can("query_batch"):
            return
        self.accept_everything()
        batch = self.lost(provider, accepted=True)
        self.point_to(provider, f"http://127.0.0.1:{free_port()}")
        self.ask_again(batch)
        self.assertFalse(batch.needs_decision)
        self.ask_again(batch, minutes=70)
        self.assertEqual((batch.state, batch.needs_decision), ("unknown", True))

    def test_a_type_that_cannot_be_asked_leaves_it_to_a_person_at_once(self):
        provider = self.make_provider()
        if provider._can("query_batch"):
            return
        batch = self.batch_of(provider)
        reference = f"{batch.reference}-1"
        over = fields.Datetime.now() - timedelta(seconds=1)
        batch.write(
            {
                "state": "sending",
                "attempt": 1,
                "attempt_reference": reference,
                "attempt_token": "died",
                "attempt_deadline": over,
            }
        )
        self.env["sms.batch.attempt"]._begin(batch)
        self.ask_again(batch)
        self.ask_again(batch)
        self.assertEqual((batch.state, batch.needs_decision), ("unknown", True))
        self.assertIn("cannot be asked", batch.failure_reason)

    def test_reports_are_asked_for_where_that_can_be_done(self):
        provider = self.make_provider()
        self.accept_everything()
        batch = self.send(provider)
        jobs = self.pending_jobs("_poll_status").filtered(lambda j: j.records == batch)
        self.assertEqual(bool(jobs), provider._can("query_batch"))
        self.env["sms.batch"]._wake_up_polls()
        jobs = self.pending_jobs("_poll_status").filtered(lambda j: j.records == batch)
        self.assertEqual(bool(jobs), provider._can("query_batch"))
