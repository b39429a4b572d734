from odoo import Command
from odoo.exceptions import AccessError, UserError

from odoo.addons.sms_base_sr.models.sms_message import ENGINE_FIELDS

from .campaign_case import CampaignCase


class TestMessageRules(CampaignCase):
    """Who sees and writes which SMS."""

    def setUp(self):
        super().setUp()
        self.colleague = self.new_user("colleague", "sms_base_sr.group_sms_user")
        self.stranger = self.new_user("stranger", "base.group_user")

    def visible(self, user, messages):
        """Those of ``messages`` that a user finds."""
        found = self.env["sms.message"].with_user(user)
        return found.search([("id", "in", messages.ids)])

    def test_salespeople_see_their_own_conversations_only(self):
        stranger = self.env["res.partner"].create({"name": "Bia"})
        mine = self.new_message(partner_id=stranger.id, user_id=self.salesperson.id)
        my_partners = self.new_message(user_id=self.colleague.id)
        others = self.new_message(partner_id=stranger.id, user_id=self.colleague.id)
        nobodys = self.new_message(partner_id=stranger.id, user_id=False)
        messages = mine + my_partners + others + nobodys
        cases = [
            (self.salesperson, mine + my_partners),
            (self.colleague, my_partners + others),
            (self.manager, messages),
            (self.new_user("boss", "sms_base_sr.group_sms_manager"), messages),
        ]
        for user, expected in cases:
            with self.subTest(user=user.login):
                self.assertEqual(self.visible(user, messages), expected.sorted())
        with self.assertRaises(AccessError):
            others.with_user(self.salesperson).read(["body"])

    def test_who_is_in_no_sms_group_sees_nothing(self):
        message = self.new_message()
        for model in ("message", "batch", "run", "event", "batch.stat", "event.body"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[f"sms.{model}"].with_user(self.stranger).search([])
        with self.assertRaises(AccessError):
            message.with_user(self.stranger).action_send()

    def test_companies_do_not_see_each_other(self):
        """Pain 5: not even somebody who may see everything of his own."""
        other = self.env["res.company"].create({"name": "B"})
        provider = self.provider.create({"name": "B", "company_id": other.id})
        batch = self.queued_batch(company_id=other.id, provider_id=provider.id)
        boss = self.new_user("boss", "sms_base_sr.group_sms_admin")
        records = [self.messages(batch), batch, batch.run_id, provider]
        for record in records:
            with self.subTest(model=record._name, member=False):
                found = record.with_user(boss).search([("id", "in", record.ids)])
                self.assertFalse(found)
        boss.company_ids = [Command.link(other.id)]
        for record in records:
            with self.subTest(model=record._name, member=True):
                searched = record.with_user(boss).with_company(other)
                searched = searched.with_context(
                    allowed_company_ids=[self.company.id, other.id]
                )
                found = searched.search([("id", "in", record.ids)])
                self.assertEqual(len(found), len(record))

    def test_batches_of_others_are_not_shown_to_salespeople(self):
        mine = self.new_message(user_id=self.salesperson.id)
        others = self.new_message(user_id=self.colleague.id)
        (mine + others).action_send()
        batches = self.env["sms.batch"].with_user(self.salesperson)
        self.assertEqual(batches.search([]), mine.batch_id)

    def test_only_the_engine_writes_what_says_that_something_happened(self):
        """Pain 3: no client makes a sent SMS a draft and sends it again."""
        message = self.new_message(user_id=self.salesperson.id)
        own = message.with_user(self.salesperson)
        for name in sorted(ENGINE_FIELDS):
            with self.subTest(field=name):
                with self.assertRaisesRegex(AccessError, "Only the SMS engine"):
                    own.write({name: message[name]})
                with self.assertRaisesRegex(AccessError, "Only the SMS engine"):
                    own.create({"body": "Oi", name: message[name]})

    def test_default_values_of_a_client_forge_nothing(self):
        own = self.env["sms.message"].with_user(self.salesperson)
        forged = own.with_context(default_state="delivered", default_cost=9.0)
        message = forged.create({"partner_id": self.partner.id, "body": "Oi"})
        self.assertEqual((message.state, message.cost), ("draft", 0.10))

    def test_a_planned_message_stays_as_the_manager_saw_it(self):
        message = self.messages(self.queued_batch(1))
        message.user_id = self.salesperson
        own = message.with_user(self.salesperson)
        for values in ({"body": "Outro"}, {"phone": "+5511911111111"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                own.write(values)

    def test_people_write_drafts(self):
        own = self.env["sms.message"].with_user(self.salesperson)
        message = own.create({"partner_id": self.partner.id, "body": "Oi"})
        message.body = "Oi, Ana"
        self.assertEqual((message.state, message.user_id), ("draft", self.salesperson))
        with self.assertRaises(AccessError):
            message.unlink()

    def test_what_has_left_cannot_be_changed(self):
        message = self.new_message(user_id=self.salesperson.id)
        message.action_send()
        self.run_jobs("_send_batch")
        own = message.with_user(self.salesperson)
        cases = [("body", "Outro"), ("phone", "+5511911111111"), ("partner_id", False)]
        for name, value in cases:
            with (
                self.subTest(field=name),
                self.assertRaisesRegex(UserError, "can no longer be changed"),
            ):
                own.write({name: value})

    def test_runs_batches_counters_and_events_are_read_only(self):
        batch = self.queued_batch()
        self.run_batch(batch)
        self.run_jobs()
        counters = self.env["sms.batch.stat"].search([], limit=1)
        boss = self.new_user("boss", "sms_base_sr.group_sms_manager")
        for record in (batch, batch.run_id, counters):
            theirs = record.with_user(boss)
            with self.subTest(model=record._name):
                self.assertTrue(theirs.read(["display_name"]))
                for verb in ("write", "create", "unlink"):
                    self.assertFalse(theirs.has_access(verb))

    def test_only_administrators_write_providers(self):
        admin = self.new_user("admin", "sms_base_sr.group_sms_admin")
        self.provider.with_user(admin).name = "Outro"
        boss = self.new_user("boss", "sms_base_sr.group_sms_manager")
        for user in (self.salesperson, self.manager, boss):
            provider = self.provider.with_user(user)
            with self.subTest(user=user.login):
                self.assertTrue(provider.read(["name", "suspended"]))
                with self.assertRaises(AccessError):
                    provider.name = "X"
                with self.assertRaises(AccessError):
                    provider.action_resume()
                with self.assertRaises(AccessError):
                    provider.action_check_connection()
                with self.assertRaises(AccessError):
                    provider.action_rotate_webhook_secret()

    def test_a_salesperson_sends_and_cancels_his_own(self):
        own = self.env["sms.message"].with_user(self.salesperson)
        first, second = own.create(
            [{"partner_id": self.partner.id, "body": body} for body in ("1", "2")]
        )
        (first + second).action_send()
        second.action_cancel()
        self.run_jobs("_send_batch")
        self.assertEqual((first.state, second.state), ("sent", "canceled"))

    def test_nobody_sends_or_cancels_what_he_cannot_see(self):
        message = self.new_message(
            partner_id=False, phone="+5511912345678", user_id=self.colleague.id
        )
        for verb in ("action_send", "action_cancel", "action_reset_to_draft"):
            with self.subTest(verb=verb), self.assertRaises(AccessError):
                getattr(message.with_user(self.salesperson), verb)()
