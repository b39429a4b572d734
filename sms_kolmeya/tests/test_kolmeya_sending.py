from datetime import timedelta

from .common import KolmeyaCase

PHONES = ["+5511912345678", "+5521987654321", "+5531988887777"]


class TestKolmeyaSending(KolmeyaCase):
    """A batch on its whole way to the gateway, and what each answer leads to."""

    def test_a_batch_is_accepted_once_with_ids_cost_and_address(self):
        batch = self.send_to(*PHONES)
        self.assertEqual(batch.state, "sent")
        self.assertEqual(self.states(batch), ["sent"] * 3)
        (request,) = self.sim.ledger.requests.values()
        self.assertEqual(batch.provider_job_id, request.id)
        self.assertEqual(request.reference, batch.attempt_reference)
        self.assertEqual(request.webhook_url, self.provider._webhook_url())
        by_id = {message.id: message for message in request.messages}
        for message in batch.message_ids:
            accepted = by_id[message.provider_message_id]
            self.assertEqual(accepted.reference, message.reference)
            self.assertEqual(f"+55{accepted.phone}", message.phone)
            self.assertEqual(accepted.text, message.body)
            self.assertEqual(message.provider_job_id, request.id)
            self.assertTrue(message.sent_date)
            self.assertAlmostEqual(message.cost, 0.10)

    def test_running_the_job_again_calls_nobody(self):
        batch = self.batch_to(*PHONES)
        job = self.job_of(batch)
        self.run_job(job)
        self.run_job(job)
        self.assertEqual(len(self.sim.ledger.requests), 1)
        self.assertEqual(batch.attempt, 1)

    def test_what_the_gateway_refuses_says_why_and_costs_nothing(self):
        cases = {
            "invalids": ("rejected", "gateway_invalid"),
            "blacklist": ("canceled", "gateway_blacklist"),
            "not_disturb": ("canceled", "gateway_do_not_disturb"),
        }
        for refused, (state, failure_type) in cases.items():
            with self.subTest(refused):
                self.sim.reset()
                self.sim.fate(PHONES[1], refused=refused)
                batch = self.send_to(*PHONES)
                self.assertEqual(batch.state, "sent")
                self.assertEqual(self.states(batch), ["sent", state, "sent"])
                message = batch.message_ids.sorted("id")[1]
                self.assertEqual(message.failure_type, failure_type)
                self.assertEqual(message.cost, 0.0)
                self.assertFalse(message.sent_date)

    def test_the_same_number_twice_is_texted_once(self):
        batch = self.send_to(PHONES[0], PHONES[0])
        self.assertEqual(sorted(self.states(batch)), ["canceled", "sent"])
        refused = batch.message_ids.filtered(lambda m: m.state == "canceled")
        self.assertEqual(refused.failure_type, "gateway_duplicate")
        self.assertEqual(len(self.sim.messages()), 1)

    def test_the_shapes_that_answers_take_do_not_matter(self):
        shapes = [
            {"phone_style": "e164-int"},
            {"phone_style": "string"},
            {"phone_style": "formatted"},
            {"invalid_key": "reason"},
            {"omit_empty": True},
            {"null_arrays": True},
            {"blacklist_as_object": True},
            {"echo_reference": "null"},
            {"rate_headers": "absent"},
            {"rate_headers": "garbage"},
        ]
        for shape in shapes:
            with self.subTest(shape=shape):
                self.sim.reset()
                before = {name: getattr(self.sim.settings, name) for name in shape}
                self.sim.settings.update(shape)
                self.sim.fate(PHONES[1], refused="blacklist")
                batch = self.send_to(*PHONES)
                self.assertEqual(self.states(batch), ["sent", "canceled", "sent"])
                self.sim.settings.update(before)

    # -- faults ------------------------------------------------------------------------

    def test_a_call_that_was_never_accepted_is_made_again(self):
        for fault in ("429", "404-html", "405", "413", "302"):
            with self.subTest(fault):
                self.sim.reset()
                self.sim.fault(fault)
                batch = self.batch_to(*PHONES)
                job = self.job_of(batch)
                self.assertTrue(self.run_job(job))
                self.assertEqual(batch.state, "queued")
                self.assertEqual(set(self.states(batch)), {"outgoing"})
                self.assertFalse(self.sim.messages())
                self.run_after_the_wait(batch)
                self.assertEqual(batch.state, "sent")
                self.assertEqual(len(self.sim.messages()), 3)

    def test_the_gateways_limit_is_waited_for_and_costs_no_try(self):
        self.sim.fault("429", retry_after=45)
        batch = self.batch_to(*PHONES)
        error = self.run_job(self.job_of(batch))
        self.assertEqual(error.seconds, 45)
        self.assertTrue(error.ignore_retry)
        self.assertEqual(batch.tries, 0)

    def test_a_gateway_that_cannot_be_reached_is_tried_again(self):
        self.sim.stop()
        batch = self.batch_to(*PHONES)
        job = self.job_of(batch)
        self.assertTrue(self.run_job(job))
        self.assertEqual((batch.state, batch.tries), ("queued", 1))
        self.sim.start()
        self.run_after_the_wait(batch)
        self.assertEqual(batch.state, "sent")

    def test_a_refused_token_or_address_suspends_the_provider(self):
        for fault in ("401", "403"):
            with self.subTest(fault):
                self.sim.reset()
                self.sim.fault(fault)
                batch = self.send_to(*PHONES)
                self.assertEqual(batch.state, "queued")
                self.assertTrue(self.provider.suspended)
                self.assertNotIn("made-up", self.provider.suspended_reason)
                self.provider.action_resume()
                self.run_jobs("_wake_batches", "_send_batch")
                self.assertEqual(batch.state, "sent")

    def test_a_row_that_the_gateway_names_is_rejected_and_the_rest_goes(self):
        self.sim.fault("422-dict", row=1)
        batch = self.batch_to(*PHONES)
        job = self.job_of(batch)
        self.run_job(job)
        self.assertEqual(self.states(batch), ["outgoing", "rejected", "outgoing"])
        self.run_job(job)
        self.assertEqual(self.states(batch), ["sent", "rejected", "sent"])
        rejected = batch.message_ids.sorted("id")[1]
        self.assertEqual(rejected.failure_type, "gateway_content")
        self.assertFalse(self.provider.suspended)

    def test_a_call_that_may_have_been_accepted_is_never_made_again(self):
        faults = [
            "500-json",
            "500-after",
            "502-html",
            "200-errors",
            "200-errors-after",
            "200-html",
            "200-no-id",
            "200-garbage",
            "reset-before",
            "reset-after",
            "close-after",
            "cut-after",
        ]
        for fault in faults:
            with self.subTest(fault):
                self.sim.reset()
                self.pass_time()
                self.sim.fault(fault)
                batch = self.batch_to(*PHONES)
                job = self.job_of(batch)
                self.run_job(job)
                self.assertEqual(batch.state, "unknown")
                calls = len(self.sim.ledger.calls)
                self.run_jobs("_send_batch")
                self.run_job(job)
                self.assertEqual(batch.state, "unknown")
                made = [c.path for c in self.sim.ledger.calls[calls:]]
                self.assertNotIn("sms/store", made)

    def test_recovery_finds_what_was_accepted_by_its_reference(self):
        self.sim.fault("500-after")
        self.sim.fate(PHONES[1], refused="blacklist")
        batch = self.batch_to(*PHONES)
        job = self.job_of(batch)
        self.run_job(job)
        self.assertEqual(batch.state, "unknown")
        batch.attempt_deadline = False
        self.run_after_the_wait(batch)
        self.assertEqual(batch.state, "sent")
        self.assertEqual(self.states(batch), ["sent", "rejected", "sent"])
        self.assertEqual(len(self.sim.messages()), 2)

    def test_what_never_arrived_is_sent_again_when_the_gateway_is_sure(self):
        """Two JSON 404, a minute apart, while it finds a call that it accepted."""
        self.send_to(PHONES[0])
        self.sim.fault("reset-before")
        batch = self.batch_to(*PHONES[1:])
        self.run_job(self.job_of(batch))
        self.assertEqual(batch.state, "unknown")
        batch.attempt_deadline = False
        self.run_after_the_wait(batch)
        self.assertIn("404", batch.attempt_ids.answer)
        self.assertEqual(batch.state, "unknown")
        batch.attempt_ids.not_found_at -= timedelta(seconds=61)
        self.run_after_the_wait(batch)
        self.assertEqual(batch.state, "queued")
        self.run_job(self.job_of(batch))
        self.assertEqual(self.states(batch), ["sent", "sent"])
        self.assertEqual(len(self.sim.messages()), 3)

    def test_a_page_in_front_of_the_gateway_is_never_sure(self):
        self.send_to(PHONES[0])
        self.sim.fault("reset-before")
        batch = self.batch_to(*PHONES[1:])
        self.run_job(self.job_of(batch))
        batch.attempt_deadline = False
        for _question in range(3):
            self.sim.fault("404-html", path="sms/status/request")
            self.run_after_the_wait(batch)
        self.assertEqual(batch.state, "unknown")
        self.assertFalse(batch.attempt_ids.not_found_at)

    def test_missing_reports_are_asked_for(self):
        self.sim.fate(PHONES[0], code=3, silent=True)
        self.sim.fate(PHONES[1], code=4, silent=True)
        batch = self.send_to(*PHONES[:2])
        self.sim.take()
        self.run_job(self.pending_jobs("_poll_status"))
        self.run_jobs("_apply_pending")
        self.assertEqual(self.states(batch), ["delivered", "error"])
        events = self.env["sms.event"].search([])
        self.assertEqual(set(events.mapped("source")), {"poll"})

    def test_without_a_token_nothing_is_lost(self):
        self.provider.kolmeya_api_token = False
        batch = self.send_to(*PHONES)
        self.assertEqual(batch.state, "queued")
        self.assertFalse(self.sim.ledger.calls)
