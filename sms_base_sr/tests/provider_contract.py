"""What every provider type must do, whatever its gateway: a suite to inherit."""

from odoo.addons.sms_base_sr.tools import outcomes


class ProviderContract:
    """Behaviour that the engine relies on.

    Mix it into a test case and override :meth:`make_provider` and
    :meth:`accept_everything`; a provider that can be asked for a batch overrides
    :meth:`know_nothing` too.
    """

    def make_provider(self):
        """Return a provider of the type under test, ready to be used."""
        raise NotImplementedError

    def accept_everything(self):
        """Let the gateway that the provider talks to accept each message."""

    def know_nothing(self):
        """Let the gateway know no batch at all."""

    def request(self, count=2, reference="batch-1"):
        """Return a call with some messages."""
        messages = tuple(
            outcomes.OutgoingSms(f"ref-{n}", f"+55119{n:08d}", f"Olá {n}")
            for n in range(count)
        )
        return outcomes.BatchRequest(reference, messages)

    def test_preparing_a_call_sends_nothing_and_the_call_needs_no_database(self):
        self.accept_everything()
        call = self.make_provider()._send_batch(self.request())
        self.assertTrue(callable(call))
        with self.assertQueryCount(0):
            outcome = call()
        self.assertIsInstance(outcome, outcomes.Outcome)

    def test_an_accepted_call_has_an_id_and_one_result_per_message(self):
        self.accept_everything()
        request = self.request(3)
        outcome = self.make_provider()._send_batch(request)()
        self.assertIsInstance(outcome, outcomes.Accepted)
        self.assertTrue(outcome.request_id)
        self.assertIsInstance(outcome.request_id, str)
        self.assertEqual(
            [result.reference for result in outcome.results],
            [message.reference for message in request.messages],
        )
        for result in outcome.results:
            self.assertEqual((result.state, result.failure_type), ("sent", None))
            self.assertIsInstance(result.provider_message_id, str)
        ids = {result.provider_message_id for result in outcome.results}
        self.assertEqual(len(ids), 3)

    def test_awkward_texts_are_taken_as_they_are(self):
        self.accept_everything()
        texts = ['"quoted"', "a\nb", "ção 😀", "a" * 500, "{{ x }} %s", " "]
        messages = tuple(
            outcomes.OutgoingSms(f"ref-{n}", f"+55119{n:08d}", text)
            for n, text in enumerate(texts)
        )
        request = outcomes.BatchRequest("batch-2", messages)
        outcome = self.make_provider()._send_batch(request)()
        self.assertIsInstance(outcome, outcomes.Accepted)
        self.assertEqual(len(outcome.results), len(texts))

    def test_a_full_batch_is_one_call(self):
        self.accept_everything()
        provider = self.make_provider()
        outcome = provider._send_batch(self.request(provider.batch_size))()
        self.assertIsInstance(outcome, outcomes.Accepted)
        self.assertEqual(len(outcome.results), provider.batch_size)

    def test_an_unknown_batch_is_not_reported_as_found(self):
        provider = self.make_provider()
        if not provider._can("query_batch"):
            self.assertFalse(
                hasattr(provider, f"_{provider.provider_type}_query_batch")
            )
            return
        self.know_nothing()
        answer = provider._query_batch("no-such-batch")()
        self.assertIsInstance(answer, outcomes.QueryAnswer)
        self.assertIsNot(answer.found, True)
        self.assertFalse(answer.items)

    def test_checking_the_connection_answers_in_words(self):
        self.accept_everything()
        action = self.make_provider().action_check_connection()
        self.assertEqual(action["tag"], "display_notification")
        self.assertTrue(action["params"]["message"])

    def test_secrets_are_masked_and_never_exported(self):
        provider = self.make_provider()
        sealed = [name for name in provider._fields if name.endswith("_sealed")]
        self.assertIn("webhook_secret_sealed", sealed)
        for column in sealed:
            name = column.removesuffix("_sealed")
            clear = provider._get_secret(name)
            field = provider._fields[name]
            with self.subTest(secret=name):
                self.assertFalse(field.exportable)
                self.assertFalse(field.copy or provider._fields[column].copy)
                if clear:
                    self.assertNotIn(clear, provider[name])
                    self.assertNotIn(clear, provider.sudo()[column])
                    self.assertNotIn(clear, repr(provider._send_batch(self.request())))
