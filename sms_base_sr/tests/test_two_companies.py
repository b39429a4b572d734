from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.sms_base_sr.models.sms_provider import SmsProvider
from odoo.addons.sms_base_sr.tools.inbound import ReplyItem, StatusItem

from .campaign_case import CampaignCase

GROUPS = "sms_base_sr.group_sms_manager"
# Their jobs are of no record: they apply and count whatever waits.
PAGES_OF_ALL_COMPANIES = {"sms.event", "sms.message"}


class TestTwoCompanies(CampaignCase):
    """Two companies with an account each send the same numbers in one queue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create(
            {"name": "Other", "country_id": cls.env.ref("base.br").id}
        )
        cls.theirs = cls.provider.create(
            {
                "name": "Theirs",
                "provider_type": "log",
                "company_id": cls.other.id,
                "price_per_segment": 0.25,
            }
        )
        cls.people = {
            company: new_test_user(
                cls.env,
                login=f"supervisor_{company.id}",
                groups=GROUPS,
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for company in (cls.company, cls.other)
        }

    def setUp(self):
        super().setUp()
        self.called = []
        send = SmsProvider._log_send_batch

        def note(provider, request):
            numbers = len(request.messages)
            self.called.append((provider, provider.env.company, numbers))
            return send(provider, request)

        self.patch(SmsProvider, "_log_send_batch", note)

    def send_both(self):
        """Two campaigns to the same three contacts, planned and sent in one queue."""
        self.add_contacts(3)
        runs = self.new_run(name="Ours") + self.new_run(
            name="Secret offer", company_id=self.other.id, provider_id=self.theirs.id
        )
        runs.action_send()
        self.run_jobs()
        self.assertEqual(runs.mapped("state"), ["done", "done"])
        return runs

    def test_each_batch_goes_by_its_companys_account_at_its_price(self):
        runs = self.send_both()
        expected = {(self.provider, 3), (self.theirs, 3)}
        self.assertEqual({(p, n) for p, _company, n in self.called}, expected)
        for run, cost in zip(runs, (0.3, 0.75), strict=True):
            with self.subTest(run=run.name):
                messages = self.messages(run)
                self.assertEqual(messages.company_id, run.company_id)
                self.assertEqual(messages.provider_id, run.provider_id)
                self.assertAlmostEqual(self.summary(run)["cost"], cost)

    def test_jobs_run_in_the_company_of_what_they_are_about(self):
        self.send_both()
        companies = {provider: company for provider, company, _n in self.called}
        self.assertEqual(
            companies, {self.provider: self.company, self.theirs: self.other}
        )

    def test_jobs_that_the_sweeper_makes_are_the_companys_too(self):
        self.add_contacts(1)
        run = self.new_run(company_id=self.other.id, provider_id=self.theirs.id)
        run.action_send()
        self.run_jobs("_plan")
        self.pending_jobs().unlink()
        self.env["sms.batch"]._sweep()
        job = self.pending_jobs("_send_batch")
        self.assertEqual(job.company_id, self.other)
        self.assertNotIn(job, self.seen("queue.job", self.company))
        self.assertIn(job, self.seen("queue.job", self.other))

    def test_every_record_with_jobs_gives_them_its_company(self):
        """A model that forgets it shows its jobs to the main company's people."""
        functions = self.env["queue.job.function"].search([])
        models = {
            name
            for name in functions.model_id.mapped("model")
            if name.startswith("sms.") and "company_id" in self.env[name]._fields
        }
        known = {name for name in models if hasattr(self.env[name], "_jobs_as_engine")}
        self.assertLessEqual(models - known, PAGES_OF_ALL_COMPANIES)
        self.assertLessEqual({"sms.erasure", "sms.do.not.disturb"}, known)

    def seen(self, model, company):
        """Records that the company's supervisor finds."""
        user = self.people[company]
        records = self.env[model].with_user(user).with_company(company)
        return records.search([]).sudo()

    def test_nobody_sees_anything_of_the_other_company(self):
        runs = self.send_both()
        self.reply_to_all(runs)
        self.env.flush_all()
        models = (
            "sms.run",
            "sms.batch",
            "sms.message",
            "sms.batch.stat",
            "sms.run.stat",
            "sms.report",
            "sms.reply.report",
            "sms.event",
            "sms.provider",
            "queue.job",
        )
        for model in models:
            ours, others = self.seen(model, self.company), self.seen(model, self.other)
            with self.subTest(model=model):
                self.assertTrue(others, "there is something to see")
                self.assertFalse(ours & others)
                if model not in ("queue.job", "sms.batch.stat", "sms.run.stat"):
                    self.assertEqual(others.company_id, self.other)

    def reply_to_all(self, runs):
        for run in runs:
            replies = [
                ReplyItem(reply_id=f"{run.id}-{m.id}", text="sim", phone=m.phone)
                for m in self.messages(run)
            ]
            self.tell(*replies, provider=run.provider_id)
        while self.env["sms.batch.stat"]._recompute_page():
            pass

    def test_the_overview_tells_each_company_its_own(self):
        runs = self.send_both()
        self.reply_to_all(runs)
        running = self.new_run(
            name="Under way",
            company_id=self.other.id,
            provider_id=self.theirs.id,
            state="sending",
        )
        self.env.flush_all()
        for company, cost, shown in (
            (self.company, "0.30", []),
            (self.other, "0.75", [running.id]),
        ):
            watch = self.env["sms.watch"].with_user(self.people[company])
            seen = watch.with_company(company).read_overview()
            with self.subTest(company=company.name):
                now = seen["today"]["now"]
                self.assertEqual((now["sent"], now["replies"]), (3, 3))
                self.assertIn(cost, now["cost"])
                self.assertEqual([run["id"] for run in seen["runs"]], shown)
                self.assertEqual(seen["people"]["unanswered"], 3)
                self.assertEqual(len(seen["providers"]), 1)

    def test_a_report_reaches_the_messages_of_its_own_account_only(self):
        ours, theirs = self.send_both()
        for message in self.messages(theirs):
            # Both gateways use the same ids: they are two accounts.
            item = StatusItem(
                message_id=message.provider_message_id,
                reference=message.reference,
                state="delivered",
            )
            self.tell(item, provider=self.provider)
        self.assertEqual(self.states(theirs), {"sent": 3}, "another account's word")
        self.assertEqual(self.states(ours), {"sent": 3})

    def test_a_reply_belongs_to_the_company_whose_account_got_it(self):
        runs = self.send_both()
        phone = self.messages(runs[1])[0].phone
        events = self.tell(
            ReplyItem(reply_id="r", text="quero", phone=phone), provider=self.theirs
        )
        reply = events.message_id
        self.assertEqual((reply.company_id, reply.run_id), (self.other, runs[1]))

    def test_cancelling_one_companys_campaign_leaves_the_others_alone(self):
        self.add_contacts(2)
        ours = self.new_run(name="Ours")
        theirs = self.new_run(company_id=self.other.id, provider_id=self.theirs.id)
        (ours + theirs).action_send()
        self.run_jobs("_plan")
        theirs.with_user(self.people[self.other]).with_company(
            self.other
        ).action_cancel()
        self.run_jobs()
        self.assertEqual((ours.state, theirs.state), ("done", "canceled"))
        callers = [provider for provider, _company, _number in self.called]
        self.assertEqual(callers, [self.provider])

    def test_the_claim_asks_its_own_companys_limits(self):
        asked = []
        limits = type(self.company)._sms_limits

        def note(company, message_class):
            asked.append(company)
            return limits(company, message_class)

        self.patch(type(self.company), "_sms_limits", note)
        self.add_contacts(1)
        run = self.new_run(company_id=self.other.id, provider_id=self.theirs.id)
        run.action_send()
        self.run_jobs("_plan", "_send_batch")
        self.assertEqual(set(asked), {self.other})
