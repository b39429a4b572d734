"""Core's words for what happens to an SMS of ours."""

import unittest

from odoo.addons.sms_base_sr.tools import failures, native_states

UNTOLD = {
    "deceased",
    "not_updated",
    "missing_value",
    "text_failed",
    "campaign_canceled",
    "user_canceled",
    "unknown",
}
RESULTS = [
    ("outgoing", None, "processing"),
    ("sent", None, "sent"),
    ("delivered", None, "delivered"),
    ("canceled", "opt_out", "sms_optout"),
    ("canceled", "user_canceled", "unknown"),
    ("expired", None, "sms_expired"),
    ("error", "not_attempted", "sms_server"),
    ("error", None, "sms_not_delivered"),
]


class TestNativeStates(unittest.TestCase):
    """One table says how core is told what happened."""

    def test_every_reason_has_a_word_of_cores_or_is_known_to_have_none(self):
        known = {key for key, _label in failures.FAILURES}
        self.assertEqual(known - set(native_states.FAILURES), UNTOLD)
        self.assertLessEqual(set(native_states.FAILURES), known)

    def test_a_state_is_told_in_cores_words(self):
        for state, reason, result in RESULTS:
            with self.subTest(state=state, reason=reason):
                self.assertEqual(native_states.result(state, reason), result)

    def test_only_what_never_left_begins_anew(self):
        self.assertTrue(native_states.may_begin_anew("canceled", "opt_out"))
        self.assertTrue(native_states.may_begin_anew("error", "not_attempted"))
        for state in ("draft", "outgoing", "sent", "delivered", "error", "expired"):
            with self.subTest(state):
                self.assertFalse(native_states.may_begin_anew(state, None))
