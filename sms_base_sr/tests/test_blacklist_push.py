from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.sms_base_sr.models import sms_provider_blacklist
from odoo.addons.sms_base_sr.models.sms_provider import SmsProvider

from ..tools.wakeup_window import WakeUpWindow
from .reply_case import NUMBER, ReplyCase

OTHER = "+5521987654321"

NO_TOKEN = "API token: enter it"


class TestBlacklistPush(ReplyCase):
    """The gateways are told whom the blacklist holds, until they know it."""

    def setUp(self):
        super().setUp()
        self.patch(sms_provider_blacklist, "window", WakeUpWindow(seconds=0.0))
        self.blacklist = self.env["phone.blacklist"]
        self.ledger = self.env["sms.blacklist.sync"]
        # What the gateway was told, in order, and how it answers.
        self.told = []
        self.answer_with = lambda numbers: True
        for verb in ("add", "remove"):
            name = f"_log_blacklist_{verb}"
            setattr(SmsProvider, name, self.recording(verb))
            self.addCleanup(delattr, SmsProvider, name)

    def recording(self, verb):
        def method(provider, numbers):
            def call():
                self.told.append((verb, provider.id, tuple(numbers)))
                return self.answer_with(numbers)

            return call

        return method

    def tell(self, *items, **values):
        if items:
            return super().tell(*items, **values)
        return self.run_jobs("_tell_blacklist")

    def heard(self):
        """What the gateway was told since the last look, without the provider."""
        heard = [(verb, *numbers) for verb, _provider, numbers in self.told]
        self.told.clear()
        return heard

    def later(self, **delta):
        """Let waits be over."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sms_blacklist_sync SET not_before = not_before - %s",
            [timedelta(**delta)],
        )
        self.ledger.invalidate_model()

    def test_an_opt_out_and_an_opt_in_are_passed_on(self):
        self.reply("SAIR")
        job = self.pending_jobs("_tell_blacklist")
        self.assertEqual(job.channel, "root.sms.care")
        self.tell()
        self.assertEqual(self.heard(), [("add", NUMBER)])
        self.assertIn("Fake: blocked", self.blacklisted().sms_gateways)
        self.reply("VOLTAR")
        self.tell()
        self.assertEqual(self.heard(), [("remove", NUMBER)])

    def test_every_way_onto_and_off_the_blacklist_is_passed_on(self):
        entry = self.blacklist.create({"number": NUMBER})
        steps = [
            ("created", lambda: None, ("add", NUMBER)),
            ("archived", lambda: entry.action_archive(), ("remove", NUMBER)),
            ("back", lambda: entry.action_unarchive(), ("add", NUMBER)),
            ("deleted", lambda: entry.unlink(), ("remove", NUMBER)),
        ]
        for name, act, expected in steps:
            with self.subTest(name):
                act()
                self.tell()
                self.assertEqual(self.heard(), [expected])

    def test_what_is_known_is_not_told_again(self):
        self.blacklist.create([{"number": NUMBER}, {"number": OTHER}])
        self.tell()
        self.assertEqual(self.heard(), [("add", NUMBER, OTHER)])
        self.env["sms.provider"]._wake_up_blacklist()
        self.tell()
        self.env["sms.provider"]._sweep_blacklist()
        self.assertFalse(self.pending_jobs("_tell_blacklist"))
        self.assertEqual(self.heard(), [])

    def test_a_change_and_its_contrary_before_the_job_are_nothing_to_tell(self):
        entry = self.blacklist.create({"number": NUMBER})
        entry.active = False
        self.tell()
        self.assertEqual(self.heard(), [])

    def test_blocked_and_freed_numbers_go_in_calls_of_their_own(self):
        entry = self.blacklist.create({"number": NUMBER})
        self.tell()
        self.heard()
        entry.active = False
        self.blacklist.create({"number": OTHER})
        self.tell()
        self.assertEqual(self.heard(), [("add", OTHER), ("remove", NUMBER)])

    def test_many_numbers_are_told_in_pages(self):
        self.patch(sms_provider_blacklist, "PAGE", 2)
        numbers = [f"+551191234000{n}" for n in range(5)]
        self.blacklist.create([{"number": number} for number in numbers])
        self.tell()
        self.assertEqual([len(each) - 1 for each in self.heard()], [2, 2, 1])

    def test_a_gateway_without_an_answer_is_told_later(self):
        self.answer_with = lambda numbers: None
        self.blacklist.create({"number": NUMBER})
        self.tell()
        self.assertEqual(self.heard(), [("add", NUMBER)])
        self.assertIn("not told yet", self.blacklisted().sms_gateways)
        self.env["sms.provider"]._sweep_blacklist()
        self.assertFalse(self.pending_jobs("_tell_blacklist"), "not at once")
        self.later(minutes=11)
        self.answer_with = lambda numbers: True
        self.env["sms.provider"]._sweep_blacklist()
        self.tell()
        self.assertEqual(self.heard(), [("add", NUMBER)])
        self.assertIn("blocked", self.blacklisted().sms_gateways)

    def test_a_lost_job_loses_nothing(self):
        self.blacklist.create({"number": NUMBER})
        self.pending_jobs().unlink()
        self.env["sms.provider"]._sweep_blacklist()
        self.tell()
        self.assertEqual(self.heard(), [("add", NUMBER)])

    def test_a_job_that_died_in_its_call_is_made_up_for(self):
        self.blacklist.create({"number": NUMBER})
        self.ledger._claim(self.provider, 10)
        self.tell()
        self.assertEqual(self.heard(), [], "the other job may still be in its call")
        self.later(minutes=5)
        self.env["sms.provider"]._wake_up_blacklist()
        self.tell()
        self.assertEqual(self.heard(), [("add", NUMBER)])

    def test_a_wish_during_the_call_is_told_after_it(self):
        entry = self.blacklist.create({"number": NUMBER})

        def change_of_mind(numbers):
            if entry.active:
                entry.active = False
                # Another job finds nothing to tell while this call is out.
                self.assertEqual(self.ledger._claim(self.provider, 10)[1], [])
            return True

        self.answer_with = change_of_mind
        self.tell()
        self.assertEqual(self.heard(), [("add", NUMBER), ("remove", NUMBER)])

    def test_one_number_that_is_refused_stops_no_other(self):
        bad = "+5511912340003"
        numbers = [f"+551191234000{n}" for n in range(6)]
        self.blacklist.create([{"number": number} for number in numbers])
        self.answer_with = lambda numbers: "HTTP 422" if bad in numbers else True
        self.tell()
        rows = self.ledger.search([])
        self.assertEqual(rows.filtered("refusal").mapped("number"), [bad])
        self.assertEqual(rows.mapped("blocked"), [True] * 6)
        entry = self.blacklisted(bad)
        self.assertIn("refuses it: HTTP 422", entry.sms_gateways)
        self.heard()
        self.env["sms.provider"]._wake_up_blacklist()
        self.tell()
        self.assertEqual(self.heard(), [], "a refusal is not repeated")

    def test_each_account_is_told_and_one_that_fails_stops_no_other(self):
        second = self.provider.create(
            {"name": "Second", "company_id": self.company.id, "sequence": 1}
        )

        no_token = UserError("API token: enter it")  # pylint: disable=C8107

        def answer(numbers):
            if self.told[-1][1] == second.id:
                raise no_token
            return True

        self.answer_with = answer
        self.blacklist.create({"number": NUMBER})
        self.tell()
        self.assertEqual({told[1] for told in self.told}, {second.id, self.provider.id})
        told = self.ledger.search([("blocked", "=", True)])
        self.assertEqual(told.provider_id, self.provider)

    def test_some_accounts_are_not_told(self):
        cases = [
            (
                "does not want it",
                lambda: self.provider.write({"push_blacklist": False}),
            ),
            ("archived", lambda: self.provider.action_archive()),
            (
                "suspended",
                lambda: self.provider.health_id.sudo().write({"suspended": True}),
            ),
        ]
        for name, act in cases:
            with self.subTest(name):
                self.provider.write({"push_blacklist": True, "active": True})
                self.provider.health_id.sudo().suspended = False
                act()
                self.blacklist.search([]).unlink()
                self.blacklist.create({"number": NUMBER})
                self.assertFalse(self.pending_jobs("_tell_blacklist"))

    def test_a_gateway_that_has_no_blacklist_is_skipped(self):
        for verb in ("add", "remove"):
            delattr(SmsProvider, f"_log_blacklist_{verb}")
        self.addCleanup(setattr, SmsProvider, "_log_blacklist_add", None)
        self.addCleanup(setattr, SmsProvider, "_log_blacklist_remove", None)
        self.blacklist.create({"number": NUMBER})
        self.assertFalse(self.pending_jobs("_tell_blacklist"))

    def test_the_confirmation_leaves_before_the_gateway_blocks_the_number(self):
        self.company.sms_confirm_opt_out = True
        self.reply("SAIR")
        self.tell()
        self.assertEqual(self.heard(), [], "the confirmation is still here")
        self.run_jobs("_send_batch")
        self.env["sms.provider"]._sweep_blacklist()
        self.tell()
        self.assertEqual(self.heard(), [("add", NUMBER)])

    def test_a_confirmation_that_never_leaves_does_not_hold_it_up_for_ever(self):
        self.company.sms_confirm_opt_out = True
        self.reply("SAIR")
        hours = fields.Datetime.now() - timedelta(hours=2)
        self.env.cr.execute(
            "UPDATE sms_message SET create_date = %s WHERE opt_out_confirmation",
            [hours],
        )
        self.tell()
        self.assertEqual(self.heard(), [("add", NUMBER)])
