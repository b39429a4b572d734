from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user

from .campaign_case import CampaignCase
from .campaign_model import NAME, add_campaign_model
from .rights_case import RightsCase


class TestRoles(RightsCase, CampaignCase):
    """Role × model × operation of the base and of the jobs below it."""

    ADDON = "sms_base_sr"
    ROLES = {
        "employee": "base.group_user",
        "viewer": "queue_job_config.group_job_viewer",
        "operator": "queue_job_config.group_job_operator",
        "editor": "base.group_user,sms_base_sr.group_sms_template_editor",
        "salesperson": "sms_base_sr.group_sms_user",
        "campaign": "sms_base_sr.group_sms_campaign",
        "supervisor": "sms_base_sr.group_sms_manager",
        "admin": "sms_base_sr.group_sms_admin",
    }
    # employee, job viewer, job operator, template editor,
    # salesperson, campaign manager, supervisor, administrator
    RIGHTS = {
        "phone.blacklist": "- - - - - r cru cru",
        "phone.blacklist.remove": "- - - - - - crud crud",
        "sms.approval": "- - - - - r r r",
        "sms.api.call": "- - - - r r r r",
        "sms.api.campaign": "- - - - - r r r",
        "sms.assign.contact": "- - - - crud crud crud crud",
        "sms.audit": "- - - - - - - r",
        "sms.batch": "- - - - r r r r",
        "sms.batch.attempt": "- - - - r r r r",
        "sms.batch.stat": "- - - - - r r r",
        "sms.batch.todo": "- - - - - - - r",
        "sms.batch.touch": "- - - - - - - r",
        "sms.blacklist.sync": "- - - - - - - r",
        "sms.composer.campaign": "- - - - - r r r",
        "sms.consent": "- - - - cr cr cr crd",
        "sms.consent.revoke": "- - - - cru cru cru cru",
        "sms.contact.import": "- - - - - crud crud crud",
        "sms.contact.import.column": "- - - - - ru ru ru",
        "sms.contact.import.line": "- - - - - r r r",
        "sms.do.not.disturb": "- - - - - r crud crud",
        "sms.do.not.disturb.number": "- - - - - - r r",
        "sms.erasure": "- - - - - - - r",
        "sms.event": "- - - - - - r r",
        "sms.event.body": "- - - - - - - r",
        "sms.gateway.block": "- - - - - r rd rd",
        "sms.message": "- - - - cru cru cru cru",
        "sms.person.erase": "- - - - - - - crud",
        "sms.person.lookup": "- - - - - - crud crud",
        "sms.provider": "- - - - r r r crud",
        "sms.provider.health": "- - - - r r r r",
        "sms.provider.incident": "- - - - r r r r",
        "sms.reply.word": "- - - - r r crud crud",
        "sms.reply.report": "- - - - - r r r",
        "sms.retention": "- - - - - - r r",
        "sms.report": "- - - - - r r r",
        "sms.retry": "- - - - - cru cru cru",
        "sms.retry.line": "- - - - - cru cru cru",
        "sms.run": "- - - - r r r r",
        "sms.run.stat": "- - - - - r r r",
        "sms.run.touch": "- - - - - - - r",
        "sms.schedule": "- - - - - cru cru cru",
        "sms.sending.window": "- - - - r r crud crud",
        "sms.sending.window.day": "- - - - r r crud crud",
        "sms.template": "r r r crud r r r crud",
        "sms.template.test": "- - - cru cru cru cru cru",
        "sms.send.model": "- - - - - - - ru",
        "sms.send.quota": "- - - - - - - r",
        "sms.test.send": "- - - - - crud crud crud",
        "sms.watch": "- - - - - r r r",
        "sms.webhook.refusal": "- - - - - - - r",
        "sms.webhook.token": "- - - - - - - r",
    }
    SHARED = {
        "sms.watch": "one record: it looks at the jobs of all companies",
        "sms.send.model": "a menu is the same for all companies",
    }
    JOBS = {
        "queue.job": "- r r - - r r r",
        "queue.job.channel": "- r r - - r r r",
        "queue.job.function": "- r r - - r r r",
    }

    def test_jobs_are_read_by_those_who_watch_campaigns(self):
        given = self.env["ir.model.data"].search(
            [("module", "=", "queue_job_config"), ("model", "=", "ir.model.access")]
        )
        lines = self.env["ir.model.access"].browse(given.mapped("res_id"))
        self.assertEqual(set(lines.model_id.mapped("model")), set(self.JOBS))
        for model, line in self.JOBS.items():
            found = [self.rights(role, model) for role in self.ROLES]
            with self.subTest(model=model):
                self.assertEqual(found, line.split())

    # -- records -----------------------------------------------------------------------

    def test_own_and_others_records(self):
        """Who reads and writes which records of his company."""
        own, others = self.messages_of_two()
        table = [
            # model, whose, salesperson, campaign manager, supervisor, administrator
            ("message", own, "ru ru ru ru"),
            ("message", others, "- ru ru ru"),
            ("batch", own.batch_id, "r r r r"),
            ("batch", others.batch_id, "- r r r"),
            ("attempt", self.attempts(own), "r r r r"),
            ("attempt", self.attempts(others), "- r r r"),
            ("run", self.new_run(), "r r r r"),
            ("provider", self.provider, "r r r rud"),
        ]
        roles = ("salesperson", "campaign", "supervisor", "admin")
        for name, records, line in table:
            for role, expected in zip(roles, line.split(), strict=True):
                with self.subTest(name=name, ids=records.ids, role=role):
                    self.assertEqual(self.rights_on(role, records), expected)

    def messages_of_two(self):
        """A single send of the salesperson, and one of a colleague."""
        colleague = new_test_user(
            self.env, login="roles_colleague", groups="sms_base_sr.group_sms_user"
        )
        sent = []
        for user in (self.users["salesperson"], colleague):
            message = self.new_message(
                partner_id=False, phone="+5511912345678", user_id=user.id
            )
            message.action_send()
            self.run_jobs("_send_batch")
            sent.append(message)
        return sent

    def attempts(self, message):
        attempts = self.env["sms.batch.attempt"]
        return attempts.search([("batch_id", "=", message.batch_id.id)])

    def rights_on(self, role, records):
        """The operations that a role has on records, found or not."""
        self.assertTrue(records)
        records = records.with_user(self.users[role])
        verbs = {"r": "read", "u": "write", "d": "unlink"}
        return "".join(k for k, v in verbs.items() if records.has_access(v)) or "-"

    def test_another_companys_records_are_nobodys(self):
        records = self.records_of_another_company()
        covered = {r._name for r in records}
        missing = self.own_models() - covered - set(self.SHARED)
        transient = {m for m in missing if self.env[m]._transient}
        self.assertFalse(missing - transient, "make a record of these too")
        for record in records:
            for role in self.ROLES:
                with self.subTest(model=record._name, role=role):
                    self.assertEqual(self.rights_on(role, record), "-")

    def records_of_another_company(self):
        """One record at least of every model, all of a company of strangers."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        provider = self.env["sms.provider"].create(
            {"name": "Theirs", "provider_type": "log", "company_id": company.id}
        )
        batch = self.queued_batch(company_id=company.id, provider_id=provider.id)
        self.run_batch(batch)
        while self.env["sms.batch.stat"]._recompute_page():
            pass
        return [
            provider,
            batch,
            batch.run_id,
            self.messages(batch),
            self.env["sms.reply.word"].create({"name": "x", "company_id": company.id}),
            self.env["sms.provider.incident"]._begin(provider, "limited", "429"),
            *self.made_by_engine(provider, batch),
            *self.import_of(company),
            *self.privacy_of(company),
            *self.made_here(provider_id=provider.id, values=self.of_provider()),
            *self.made_here(batch_id=batch.id, values=self.of_batch()),
            *self.reports_of(batch),
            *self.made_here(run_id=batch.run_id.id, values={"sms.run.touch": {}}),
            *self.window_of(company),
            *self.suppression_of(company, provider),
            *self.made_here(run_id=batch.run_id.id, values={"sms.approval": {}}),
            self.quota_of(company),
            *self.calls_of(company),
        ]

    def calls_of(self, company):
        """What a program of theirs has asked for."""
        own = {"company_id": company.id}
        call = {"reference": "theirs-1", "kind": "send", "fingerprint": "f"}
        yield self.env["sms.api.call"].create({**own, **call})
        campaign = {"name": "Theirs", "domain": [], "message_class": "service"}
        yield self.env["sms.api.campaign"].create({**own, **campaign})
        campaign["res_model"] = "res.partner"
        yield self.env["sms.composer.campaign"].create({**own, **campaign})

    def reports_of(self, batch):
        """The figures of a run with a reply, as counters and as reports."""
        reply = self.new_message(
            direction="incoming", phone="+5511912345678", partner_id=False
        )
        reply.write({"run_id": batch.run_id.id, "company_id": batch.company_id.id})
        self.env["sms.run.touch"]._touch(batch.run_id)
        while self.env["sms.run.stat"]._recompute_page():
            pass
        self.env.flush_all()
        for model in ("sms.run.stat", "sms.report", "sms.reply.report"):
            yield self.env[model].search([("run_id", "=", batch.run_id.id)], limit=1)

    def suppression_of(self, company, provider):
        """A list with a number, a refusal of the gateway, a consent."""
        register = self.env["sms.do.not.disturb"].create(
            {"name": "Theirs", "company_id": company.id}
        )
        number = {"number": "+5511912345678"}
        refused = {"reason": "gateway_blacklist", "since": fields.Datetime.now()}
        consent = {"phone": number["number"], "source": "Form"}
        return [
            register,
            self.env["sms.do.not.disturb.number"].create(
                {**number, "list_id": register.id}
            ),
            self.env["sms.gateway.block"].create(
                {**number, **refused, "provider_id": provider.id}
            ),
            self.env["sms.consent"].create({**consent, "company_id": company.id}),
        ]

    def quota_of(self, company):
        """What one of them has sent by hand."""
        return self.env["sms.send.quota"].create(
            {
                "user_id": self.env.uid,
                "company_id": company.id,
                "kind": "single",
                "hour": fields.Datetime.now(),
            }
        )

    def window_of(self, company):
        window = self.env["sms.sending.window"].create(
            {"name": "Theirs", "company_id": company.id}
        )
        return [window, *window.day_ids[:1]]

    def made_by_engine(self, provider, batch):
        """What sending has left."""
        yield self.env["sms.provider.health"].search(
            [("provider_id", "=", provider.id)]
        )
        for model in ("sms.batch.attempt", "sms.batch.stat"):
            yield self.env[model].search([("batch_id", "=", batch.id)], limit=1)

    def import_of(self, company):
        """A file of contacts, with a column and a line."""
        add_campaign_model(self)
        campaign = self.env[NAME].create({"name": "Natal", "company_id": company.id})
        target = {"res_model": NAME, "res_id": campaign.id}
        record = self.env["sms.contact.import"].create(target)
        link = {"import_id": record.id}
        yield record
        yield self.env["sms.contact.import.column"].create({**link, "position": 0})
        line = {**link, "number": 1, "state": "new"}
        yield self.env["sms.contact.import.line"].create(line)

    def privacy_of(self, company):
        """An erasure, the retention of a table, a line of the audit log."""
        yield self.env["sms.erasure"].create({"company_id": company.id})
        line = {"company_id": company.id, "model": "sms.message"}
        yield self.env["sms.retention"].create(line)
        self.env["sms.audit"]._note("export", company=company)
        yield self.env["sms.audit"].search([], limit=1)

    def made_here(self, values, **link):
        """Create what the engine inserts by SQL."""
        for model, others in values.items():
            yield self.env[model].create({**link, **others})

    def of_batch(self):
        now = fields.Datetime.now()
        return {
            "sms.batch.touch": {},
            "sms.batch.todo": {"method": "_poll_status", "promised_at": now},
        }

    def of_provider(self):
        now = fields.Datetime.now()
        refused = {"address": "192.0.2.1", "reason": "sender", "door": "secret"}
        return {
            "sms.blacklist.sync": {"number": "+5511912345678"},
            "sms.event": {"key": "k", "kind": "status", "source": "poll"},
            "sms.event.body": {"source": "poll", "raw": "{}"},
            "sms.webhook.token": {"key": "k", "body_digest": "d", "expires": now},
            "sms.webhook.refusal": {"hour": now, **refused},
        }

    # -- campaigns ---------------------------------------------------------------------

    def test_who_may_write_a_campaign_may_not_send_it_for_that(self):
        """Salespeople often edit the lists of the app; sending texts everybody."""
        add_campaign_model(self)
        self.env["ir.model.access"].search([("name", "=", NAME)]).perm_write = True
        template = self.env["sms.template"].create(
            {"name": "T", "message_template": "Oi"}
        )
        values = {"name": "Natal", "sms_template_id": template.id}
        campaign = self.env[NAME].create(values)
        sent = campaign.create(values)
        sent.action_sms_plan()
        verbs = ("plan", "release", "pause", "resume", "cancel", "try_again")
        for role in ("employee", "salesperson"):
            theirs = campaign.with_user(self.users[role])
            sent_theirs = sent.with_user(self.users[role])
            theirs.name = "Páscoa"
            for verb in verbs:
                with (
                    self.subTest(role=role, verb=verb),
                    self.assertRaisesRegex(AccessError, "campaign managers"),
                ):
                    getattr(theirs, f"action_sms_{verb}")()
            others = [
                (theirs, "_sms_schedule", [fields.Datetime.now(), False]),
                (theirs, "action_sms_plan_again", []),
                (theirs, "action_sms_switch_accents", []),
                (sent_theirs, "write", [{"sms_sending_window_id": False}]),
            ]
            for record, method, arguments in others:
                with (
                    self.subTest(role=role, method=method),
                    self.assertRaisesRegex(AccessError, "campaign managers"),
                ):
                    getattr(record, method)(*arguments)
        for role in ("campaign", "supervisor", "admin"):
            with self.subTest(role=role):
                theirs = campaign.create(values).with_user(self.users[role])
                theirs.action_sms_plan()
                self.assertEqual(theirs.sms_state, "planning")

    # -- templates and providers -------------------------------------------------------

    def test_only_editors_write_templates(self):
        template = self.env["sms.template"].create(
            {"name": "T", "message_template": "Oi {{ name }}"}
        )
        for role in self.ROLES:
            theirs = template.with_user(self.users[role])
            with self.subTest(role=role):
                if role in ("editor", "admin"):
                    theirs.message_template = "Olá {{ name }}"
                    continue
                with self.assertRaises(AccessError):
                    theirs.message_template = "Compre já"

    def test_every_role_opens_the_provider_without_its_secrets(self):
        self.provider.jwt_secret = "a-shared-secret-of-at-least-32-bytes"
        for role in ("salesperson", "campaign", "supervisor", "admin"):
            theirs = self.env["sms.provider"].with_user(self.users[role])
            with self.subTest(role=role):
                seen = set(theirs.fields_get())
                for name in ("jwt_secret", "webhook_secret", "webhook_url"):
                    self.assertEqual(name in seen, role == "admin", name)
                self.assertNotIn("jwt_secret_sealed", seen)
                theirs.browse(self.provider.id).read(list(seen))
                form = Form(theirs.browse(self.provider.id))
                self.assertEqual(form.name, "Fake")
                self.assertEqual("jwt_secret" in form._view["fields"], role == "admin")
