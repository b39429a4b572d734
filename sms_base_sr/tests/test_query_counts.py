import re
from contextlib import contextmanager

from ..tools.inbound import StatusItem
from .campaign_case import CampaignCase


class CountingCursor:
    """A psycopg2 cursor that counts every statement, COPY and bulk ones included."""

    def __init__(self, cursor):
        self.cursor = cursor
        self.statements = []

    def __getattr__(self, name):
        return getattr(self.cursor, name)

    def __iter__(self):
        return iter(self.cursor)

    def execute(self, query, params=None):
        """Count and execute."""
        self.statements.append(query)
        return self.cursor.execute(query, params)

    def copy_expert(self, sql, file, *args):
        """Count and copy."""
        self.statements.append(sql)
        return self.cursor.copy_expert(sql, file, *args)


class TestQueryCounts(CampaignCase):
    """Costs grow with pages and batches, never with messages."""

    @contextmanager
    def counting(self):
        """Yield the list of all statements that reach the database.

        Who works is known by then: whether his name is read depends on what was read
        before.
        """
        self.env.user.mapped("login")
        cr = self.env.cr
        counting = CountingCursor(cr._obj)
        cr._obj = counting
        try:
            yield counting.statements
        finally:
            cr._obj = counting.cursor

    def test_the_counter_sees_bulk_statements(self):
        with self.counting() as statements:
            self.env["sms.message"]._raise_states(
                [(0, "sent", None, None, None), (-1, "sent", None, None, None)]
            )
        self.assertEqual(len([s for s in statements if "UPDATE sms_message" in s]), 1)

    def planning(self, contacts):
        """Statements of one page with so many contacts, each with a partner."""
        self.campaign.recipients.clear()
        self.add_contacts(contacts)
        run = self.new_run(state="planning")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.counting() as statements:
            run._plan_next_page()
            self.env.flush_all()
        self.assertEqual(run.planned_count, contacts)
        return len(statements)

    def test_planning_a_page_costs_the_same_for_200_and_1000_contacts(self):
        self.planning(1)
        self.assertEqual(self.planning(200), self.planning(1000))

    def test_planning_a_page_stays_within_its_budget(self):
        self.planning(1)
        self.assertLessEqual(self.planning(1000), 25)

    def test_a_frequency_cap_costs_one_statement_a_page(self):
        self.planning(1)
        before = self.planning(200)
        self.company.sms_cap_service = 1
        self.planning(1)
        self.assertEqual(self.planning(200), before + 1)
        self.assertEqual(self.planning(1000), before + 1)

    def test_consent_costs_one_statement_a_page(self):
        self.planning(1)
        before = self.planning(200)
        self.company.sms_consent_service = "service"
        self.consent_to(1000)
        self.planning(1)
        self.assertEqual(self.planning(200), before + 1)
        self.assertEqual(self.planning(1000), before + 1)

    def consent_to(self, contacts):
        """All numbers that :meth:`add_contacts` makes have consented."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO sms_consent
                (phone, company_id, purpose, basis, source, date_from)
            SELECT '+55119' || lpad(n::text, 8, '0'), %s, 'service', 'consent', 'Form',
                   now() AT TIME ZONE 'UTC' - interval '1 day'
            FROM generate_series(0, %s) n
            """,
            [self.company.id, contacts],
        )

    def test_all_suppressions_cost_the_claim_the_same_for_any_number(self):
        self.company.sms_consent_service = "service"
        self.company.sms_do_not_disturb = "all"
        self.consent_to(1000)
        self.sending(1)
        self.assertEqual(self.sending(200), self.sending(1000))

    def sending(self, messages):
        """Statements of claiming, sending and settling a batch of so many."""
        self.campaign.recipients.clear()
        batch = self.queued_batch(messages)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.counting() as statements:
            self.run_batch(batch)
        self.assertEqual(self.states(batch), {"sent": messages})
        return len(statements)

    def test_sending_a_batch_costs_the_same_for_200_and_1000_messages(self):
        self.sending(1)
        self.assertEqual(self.sending(200), self.sending(1000))

    def test_a_frequency_cap_costs_the_claim_the_same_for_any_number(self):
        self.company.sms_cap_service = 9
        self.sending(1)
        self.assertEqual(self.sending(200), self.sending(1000))

    def counters(self, messages):
        self.campaign.recipients.clear()
        batch = self.queued_batch(messages)
        self.run_batch(batch)
        self.env.invalidate_all()
        with self.counting() as statements:
            self.env["sms.batch.stat"]._recompute_page()
            self.env.flush_all()
        return len(statements)

    def test_counting_a_batch_costs_the_same_for_200_and_1000_messages(self):
        self.counters(1)
        self.assertEqual(self.counters(200), self.counters(1000))

    def applying(self, messages):
        """Statements of applying a page with the reports of so many messages."""
        self.campaign.recipients.clear()
        batch = self.queued_batch(messages)
        self.run_batch(batch)
        reports = [
            StatusItem(reference=message.reference, state="delivered", code="3")
            for message in batch.message_ids
        ]
        events = self.env["sms.event"]
        events._store_items(self.provider, reports, "webhook")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.counting() as statements:
            events._apply_page(0)
            self.env.flush_all()
        self.assertEqual(self.states(batch), {"delivered": messages})
        return len(statements)

    def test_applying_a_page_of_reports_costs_the_same_for_200_and_1000(self):
        self.applying(1)
        self.assertEqual(self.applying(200), self.applying(1000))

    def test_applying_a_page_of_reports_stays_within_its_budget(self):
        self.applying(1)
        self.assertLessEqual(self.applying(1000), 12)

    def storing(self, messages):
        """Statements of storing so many reports that came in one request."""
        reports = [
            StatusItem(reference=f"r-{messages}-{n}", state="delivered", code="3")
            for n in range(messages)
        ]
        with self.counting() as statements:
            self.env["sms.event"]._store_items(self.provider, reports, "webhook")
        return len(statements)

    def test_storing_reports_costs_the_same_for_2_and_1000_in_a_request(self):
        self.storing(3)
        self.assertEqual(self.storing(2), self.storing(1000))

    def mirroring(self, messages):
        """Statements of the notes of a batch of so many, and of their statuses."""
        self.campaign.recipients.clear()
        batch = self.queued_batch(messages)
        self.run_batch(batch)
        self.env.invalidate_all()
        with self.counting() as statements:
            batch._mirror_chatter()
            batch._mirror_statuses()
        return len(statements)

    def test_notes_and_their_statuses_cost_the_same_for_200_and_1000_messages(self):
        self.mirroring(1)
        self.assertEqual(self.mirroring(200), self.mirroring(1000))

    def test_sending_a_batch_stays_within_its_budget(self):
        self.sending(1)
        self.assertLessEqual(self.sending(1000), 60)

    def buttons(self, messages):
        """Statements of pressing each button of a run with so many messages."""
        self.campaign.recipients.clear()
        run = self.planned_run(messages)
        counts = []
        for button in ("release", "pause", "resume", "cancel"):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.counting() as statements:
                getattr(run, f"action_{button}")()
                self.env.flush_all()
            touched = [s for s in statements if "UPDATE sms_message" in str(s)]
            self.assertFalse(touched, button)
            counts.append(len(statements))
        return counts

    def test_buttons_cost_the_same_whatever_the_size_and_touch_no_message(self):
        self.buttons(1)
        self.assertEqual(self.buttons(10), self.buttons(1000))

    def opening(self, messages):
        """Statements of opening the form of a run with so many, half with replies."""
        self.campaign.recipients.clear()
        run = self.planned_run(messages)
        self.env.cr.execute(
            """
            UPDATE sms_message SET state = 'delivered', sent_date = create_date
            WHERE run_id = %(run)s;
            INSERT INTO sms_message (reference, direction, state, company_id, run_id,
                phone, message_class, sent_date, create_date, needs_answer, reply_class)
            SELECT 'reply-' || id, 'incoming', 'delivered', company_id, run_id, phone,
                message_class, sent_date, sent_date, TRUE, 'interested'
            FROM sms_message WHERE run_id = %(run)s AND (id %% 2 = 0 OR %(one)s)
            """,
            {"run": run.id, "one": messages == 1},
        )
        self.env["sms.batch.touch"]._touch(run.batch_ids.ids)
        self.env["sms.run.touch"]._touch(run)
        self.assertEqual(self.summary(run)["delivered"], messages)
        self.env.flush_all()
        self.env.invalidate_all()
        form = self.env["sms.run"].get_view(view_type="form")["models"]["sms.run"]
        with self.counting() as statements:
            run.with_user(self.manager).web_read({name: {} for name in form})
        return statements

    def test_opening_the_form_costs_the_same_with_1_and_10000_messages(self):
        self.opening(1)
        few, many = self.opening(1), self.opening(10000)
        self.assertEqual(len(few), len(many))

    def test_opening_the_form_reads_no_message(self):
        statements = [str(statement) for statement in self.opening(10)]
        # The form's lists are not read; batches not counted yet are named only.
        reads = [s for s in statements if re.search('FROM "?sms_message"?\\b', s)]
        self.assertEqual([s for s in reads if "WITH live" not in s], [])

    def test_reading_the_figures_costs_the_same_for_any_number_of_messages(self):
        counts = []
        for messages in (1, 10, 500):
            self.campaign.recipients.clear()
            batch = self.queued_batch(messages)
            self.run_batch(batch)
            self.summary(batch.run_id)
            self.env.invalidate_all()
            with self.counting() as statements:
                batch.run_id.read(["summary", "sent_count", "total_cost"])
            counts.append(len(statements))
        self.assertEqual(counts[1], counts[2])

    def test_the_review_costs_the_same_for_any_number_of_messages(self):
        counts = []
        for messages in (1, 10, 500):
            self.campaign.recipients.clear()
            run = self.planned_run(messages)
            self.env.flush_all()
            self.env.invalidate_all()
            with self.counting() as statements:
                run._read_review()
            counts.append(len(statements))
        self.assertEqual(counts[1], counts[2])
