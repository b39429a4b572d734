from odoo import Command
from odoo.exceptions import AccessError

from .test_run_results import ResultsCase

EXPORT = "base.group_allow_export"


class TestSmsReport(ResultsCase):
    """The figures of all campaigns: a view of the counters."""

    def groups(self, by, *measures, domain=()):
        """``{value: (measure, …)}`` as a pivot reads it, as the campaign manager."""
        report = self.env["sms.report"].with_user(self.manager)
        company = ("company_id", "=", self.company.id)
        rows = report._read_group(
            [company, *domain], [by], [f"{name}:sum" for name in measures]
        )
        return {
            getattr(value, "id", value): figures[0] if len(figures) == 1 else figures
            for value, *figures in rows
        }

    def reported_run(self):
        """Six contacts: delivered, failed, sent twice, left out for two reasons."""
        self.campaign.add(False, raw_phone="12")
        self.campaign.add("+551133334444")
        run = self.sent_run(4)
        messages = self.messages(run).filtered("batch_id")
        self.deliver(messages[0])
        rows = [(messages[1].id, "error", "not_delivered", None, None)]
        self.env["sms.batch.touch"]._touch(self.env["sms.message"]._raise_states(rows))
        self.summary(run)
        return run

    def test_by_campaign_it_says_what_the_campaigns_form_says(self):
        run, other = self.reported_run(), self.sent_run(3)
        measures = ("accepted", "delivered", "failed", "excluded", "segments", "cost")
        found = self.groups("run_id", *measures)
        for each in (run, other):
            summary = self.summary(each)
            expected = [summary[name] for name in ("sent", "delivered", "failed")]
            expected.append(sum(summary["excluded"].values()))
            expected += [summary["segments"], summary["cost"]]
            self.assertEqual([round(f, 4) for f in found[each.id]], expected)

    def test_by_state_and_reason(self):
        run = self.reported_run()
        mine = [("run_id", "=", run.id)]
        self.assertEqual(
            self.groups("state", "n", domain=mine),
            {"sent": 2, "delivered": 1, "error": 1, "canceled": 2},
        )
        self.assertEqual(
            self.groups("failure_type", "n", domain=mine),
            {False: 3, "not_delivered": 1, "invalid_number": 1, "landline": 1},
        )

    def test_by_account_person_class_and_day(self):
        run = self.sent_run(3, user_id=self.salesperson.id)
        mine = [("run_id", "=", run.id)]
        cases = {
            "provider_id": {self.provider.id: 3},
            "user_id": {self.salesperson.id: 3},
            "message_class": {"service": 3},
        }
        for by, expected in cases.items():
            with self.subTest(by=by):
                self.assertEqual(self.groups(by, "n", domain=mine), expected)
        [day] = self.groups("date:day", "n", domain=mine)
        self.assertEqual(day.date(), run.batch_ids.sent_date.date())

    def test_planned_ones_are_there_before_anything_is_counted(self):
        run = self.planned_run(5)
        mine = [("run_id", "=", run.id)]
        self.assertEqual(self.groups("state", "n", domain=mine), {"draft": 5})
        run.action_cancel()
        self.env.flush_all()
        self.assertEqual(self.groups("state", "n", domain=mine), {"canceled": 5})
        self.run_jobs("_mark_canceled")
        self.summary(run)
        self.assertEqual(self.groups("state", "n", domain=mine), {"canceled": 5})

    def test_a_single_sms_counts_for_who_sent_it(self):
        message = self.new_message(user_id=self.salesperson.id, phone="+5511912345678")
        message.with_user(self.salesperson).action_send()
        self.run_jobs("_send_batch")
        while self.env["sms.batch.stat"]._recompute_page():
            pass
        singles = [("run_id", "=", False)]
        found = self.groups("user_id", "accepted", domain=singles)
        self.assertEqual(found, {self.salesperson.id: 1})

    def test_each_line_has_an_id_of_its_own(self):
        self.reported_run()
        self.planned_run(3)
        self.env.flush_all()
        lines = self.env["sms.report"].search([])
        self.assertEqual(len(lines), len(set(lines.ids)))
        self.assertEqual(len(lines.read(["n", "cost"])), len(lines))

    def test_a_line_opens_its_messages(self):
        run = self.reported_run()
        for line in self.env["sms.report"].search([("run_id", "=", run.id)]):
            with self.subTest(state=line.state, reason=line.failure_type):
                action = line.with_user(self.manager).action_open()
                found = self.env["sms.message"].search(action["domain"])
                self.assertEqual(len(found), line.n)

    def test_it_is_exported(self):
        run = self.reported_run()
        self.manager.group_ids = [Command.link(self.env.ref(EXPORT).id)]
        lines = self.env["sms.report"].with_user(self.manager)
        found = lines.search([("run_id", "=", run.id), ("state", "=", "delivered")])
        data = found.export_data(["run_id/name", "state", "n", "cost"])["datas"]
        self.assertEqual(data, [["Natal", "Delivered", 1, 0.1]])

    def test_another_companys_figures_are_not_shown(self):
        self.sent_run(3)
        other = self.env["res.company"].create({"name": "Outra"})
        self.manager.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        for model in ("sms.report", "sms.reply.report"):
            with self.subTest(model=model):
                report = self.env[model].with_user(self.manager)
                self.assertFalse(report.with_company(other).search([]))

    def test_salespeople_have_no_report(self):
        for model in ("sms.report", "sms.reply.report"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.salesperson).search([])


class TestReplyReport(ResultsCase):
    """Replies by kind, who answered, and how quickly."""

    def groups(self, run, by, *measures):
        report = self.env["sms.reply.report"].with_user(self.manager)
        rows = report._read_group([("run_id", "=", run.id)], [by], measures)
        return {
            getattr(value, "id", value): figures[0] if len(figures) == 1 else figures
            for value, *figures in rows
        }

    def replied_run(self):
        """Three customers: one is answered, one has written twice, one opted out."""
        run = self.sent_run(4)
        first, second, third = self.messages(run)[:3]
        self.answer(self.reply(first, "interested"), 12)
        self.reply(second, "interested")
        self.reply(second, "other", minutes=1)
        self.reply(third, "opt_out")
        self.env.flush_all()
        return run

    def test_by_kind(self):
        found = self.groups(self.replied_run(), "reply_class", "n:sum", "customers:sum")
        expected = {"interested": [2, 2], "other": [1, 0], "opt_out": [1, 1]}
        self.assertEqual(found, expected)

    def test_customers_are_as_many_as_the_campaigns_form_says(self):
        run = self.replied_run()
        found = self.groups(run, "run_id", "customers:sum", "n:sum", "unanswered:sum")
        summary = self.summary(run)
        self.assertEqual(found[run.id], [summary["replied"], summary["replies"], 2])

    def test_who_answered_and_how_quickly(self):
        found = self.groups(
            self.replied_run(), "answered_by_id", "n:sum", "answer_minutes:avg"
        )
        self.assertEqual(found[self.salesperson.id], [1, 12.0])
        self.assertEqual(found[False][0], 3)
        self.assertFalse(found[False][1])

    def test_waiting_is_told_from_settled(self):
        found = self.groups(self.replied_run(), "answer_kind", "n:sum")
        self.assertEqual(found, {"waiting": 2, "sms": 1, False: 1})

    def test_a_line_opens_the_reply(self):
        run = self.replied_run()
        line = self.env["sms.reply.report"].search([("run_id", "=", run.id)], limit=1)
        action = line.with_user(self.manager).action_open()
        self.assertEqual(action["res_id"], line.reply_id.id)

    def test_it_is_exported(self):
        run = self.replied_run()
        line = self.env["sms.reply.report"].search(
            [("run_id", "=", run.id), ("answer_kind", "=", "sms")]
        )
        names = ["run_id/name", "reply_class", "answered_by_id/login", "answer_minutes"]
        self.assertEqual(
            line.export_data(names)["datas"],
            [["Natal", "Interested", "sms_sales", 12.0]],
        )
