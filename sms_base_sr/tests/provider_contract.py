"""What every provider type must do, whatever its gateway: a suite to inherit.

Mix :class:`ProviderContract` into a test case, before the case itself, and override
the methods of :class:`ProviderStage`. Nothing else: the suite is the same for all.
"""

from odoo.exceptions import UserError

from odoo.addons.sms_base_sr.tools import outcomes
from odoo.addons.sms_base_sr.tools.capabilities import VERBS

from .provider_contract_calls import CallsContract
from .provider_contract_events import EventsContract
from .provider_contract_ledger import LedgerContract
from .provider_contract_wire import WireContract


class ProviderContract(WireContract, CallsContract, LedgerContract, EventsContract):
    """Behaviour that the engine relies on; what each part checks stands there."""

    def test_what_is_declared_is_there_and_nothing_more(self):
        provider = self.make_provider()
        declared = provider._capabilities()
        for capability, verbs in VERBS.items():
            for verb in verbs:
                with self.subTest(capability=capability, verb=verb):
                    name = f"_{provider.provider_type}_{verb}"
                    wanted = getattr(declared, capability)
                    self.assertEqual(hasattr(provider, name), wanted)
                    self.assertEqual(provider._can(verb), wanted)
                    if not wanted:
                        with self.assertRaises(UserError):
                            provider._dispatch(verb)

    def test_the_declared_batch_is_what_the_engine_makes(self):
        provider = self.make_provider()
        size = provider._capabilities().batch_size
        provider.batch_size = 1000
        self.assertEqual(provider._batch_limit(), size)
        provider.batch_size = 1
        self.assertEqual(provider._batch_limit(), 1)

    def test_more_than_a_full_batch_is_refused_without_a_call(self):
        provider = self.make_provider()
        self.accept_everything()
        size = provider._capabilities().batch_size
        outcome = provider._send_batch(self.request(size + 1))()
        self.assertIsInstance(outcome, outcomes.RefusedContent)
        self.assertFalse(outcome.rows)
        self.assertFalse(self.accepted())

    def test_a_type_with_webhooks_has_an_address_for_them(self):
        provider = self.make_provider()
        declared = provider._capabilities().webhooks
        self.assertEqual(bool(provider._webhook_path()), declared)

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
