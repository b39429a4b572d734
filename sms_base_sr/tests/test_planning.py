from odoo.addons.sms_base_sr.models import sms_run_plan
from odoo.addons.sms_base_sr.tools.outcomes import RefusedContent, Unknown

from .campaign_case import CampaignCase

RECIFE, SAO_PAULO, MANAUS = 81, 11, 92


class TestPlanning(CampaignCase):
    """One decision per contact, stored by SQL page by page with its batches."""

    def plan(self, **values):
        run = self.new_run(**values)
        run.action_plan()
        self.run_jobs("_plan")
        return run

    def test_each_contact_gets_its_rendered_text_segments_and_price(self):
        self.campaign.add("+5511912345678", values={"name": "João"})
        self.campaign.add("+5511912345679", values={"name": "x" * 200})
        run = self.plan(text="Olá {{ name }}")
        short, long = self.messages(run)
        self.assertEqual(short.body, "Olá João")
        self.assertEqual((short.char_count, short.sms_count), (8, 1))
        self.assertEqual(short.state, "draft")
        self.assertEqual(short.company_id, self.company)
        self.assertEqual(short.provider_id, self.provider)
        self.assertGreater(long.sms_count, 1)
        self.assertAlmostEqual(long.cost, long.sms_count * 0.10)
        self.assertEqual(run.planned_segments, 1 + long.sms_count)
        self.assertAlmostEqual(run.planned_cost, (1 + long.sms_count) * 0.10)

    def test_who_is_left_out_gets_a_message_that_says_why(self):
        """Pain 10: one bad contact is data, and stops nobody else."""
        self.env["phone.blacklist"].create({"number": "+5511900000002"})
        cases = [
            ({"phone": "+5511900000001"}, False),
            ({"phone": "+5511900000002"}, "blacklisted"),
            ({"phone": None, "raw_phone": ""}, "no_number"),
            ({"phone": False, "raw_phone": "12"}, "invalid_number"),
            ({"phone": "+551133334444"}, "landline"),
            ({"phone": "+5511900000001"}, "duplicate"),
            ({"phone": "+5511900000003", "values": {"name": ""}}, "missing_value"),
            ({"phone": "+5511900000004", "excluded": "deceased"}, "deceased"),
            ({"phone": "+5511900000005", "values": {"name": object()}}, "text_failed"),
            ({"phone": "+5511900000007", "values": {"name": 0}}, False),
            ({"phone": "+5511900000006"}, False),
        ]
        for values, _reason in cases:
            self.campaign.add(**values)
        run = self.plan()
        for message, (values, reason) in zip(self.messages(run), cases, strict=True):
            with self.subTest(values=values):
                self.assertEqual(message.failure_type, reason)
                self.assertEqual(message.state, "canceled" if reason else "draft")
                self.assertEqual(bool(message.batch_id), not reason)
                self.assertEqual(bool(message.dedupe_key), not reason)
                self.assertEqual(bool(message.cost), not reason)
        reasons = [reason for _values, reason in cases if reason]
        self.assertEqual(run.excluded_counts, dict.fromkeys(reasons, 1))
        self.assertEqual((run.recipient_count, run.planned_count), (11, 3))

    def test_a_missing_value_is_named_in_the_message(self):
        self.campaign.add("+5511900000003", values={"name": None})
        run = self.plan()
        self.assertIn("name", self.messages(run).error_message)

    def test_a_number_of_an_earlier_page_is_a_duplicate(self):
        """Pain 2: duplicates are found across pages and batches."""
        self.patch(sms_run_plan, "PAGE", 2)
        self.add_contacts(3)
        self.campaign.add("+5511900000000")
        self.campaign.add("+5511900000001")
        run = self.plan()
        reasons = self.messages(run).mapped("failure_type")
        self.assertEqual(reasons, [False] * 3 + ["duplicate"] * 2)
        self.assertEqual(self.campaign.pages, [0, 2, 4, 5])

    def test_a_campaign_cancelled_halfway_texts_only_the_others_next_time(self):
        """Pain 9 and 12: whoever was or may have been reached is not texted again."""
        self.provider.batch_size = 2
        self.add_contacts(8)
        first = self.plan()
        first.action_release()
        sent, unknown, rejected, _left = first.batch_ids.sorted("id")
        self.run_jobs("_enqueue_batches")
        self.gateway.answers = [
            self.gateway.accept,
            Unknown("timeout"),
            lambda request: RefusedContent(
                {m.reference: "bad text" for m in request.messages}
            ),
        ]
        for batch in (sent, unknown, rejected):
            self.run_batch(batch)
        first.action_cancel()
        self.run_jobs("_mark_canceled")
        again = self.plan(res_id=first.res_id)
        texted = self.messages(again).filtered("dedupe_key").mapped("phone")
        self.assertEqual(texted, [f"+55119{n:08d}" for n in (4, 5, 6, 7)])
        self.assertEqual(again.excluded_counts, {"duplicate": 4})

    def test_another_campaign_may_text_the_same_numbers(self):
        self.add_contacts(2)
        first = self.plan()
        first.action_release()
        self.run_jobs()
        self.assertEqual(self.plan().planned_count, 2)

    def test_a_page_that_is_planned_again_adds_no_message_twice(self):
        """Pain 9: the number is unique within the run, whoever inserts."""
        self.add_contacts(3)
        run = self.plan()
        run.write({"state": "planning", "plan_cursor": 0})
        run._enqueue_plan()
        self.run_jobs("_plan")
        sendable = self.messages(run).filtered("dedupe_key")
        self.assertEqual(len(sendable), 3)
        self.assertEqual(self.states(run), {"draft": 3, "canceled": 3})

    def test_the_database_refuses_what_a_second_planner_inserts(self):
        self.add_contacts(2)
        run = self.plan()
        taken = self.messages(run)[0]
        columns = ("run_id", "dedupe_key", "phone", "reference", "state")
        columns += ("direction", "message_class", "company_id")
        rest = ("draft", "outgoing", "service", self.company.id)
        rows = [
            (run.id, taken.dedupe_key, taken.phone, "ref-again", *rest),
            (run.id, "+5511911111111", "+5511911111111", "ref-new", *rest),
            (run.id, None, taken.phone, "ref-excluded", *rest),
        ]
        self.env["sms.message"]._copy_rows(columns, rows)
        references = self.messages(run).mapped("reference")
        self.assertNotIn("ref-again", references)
        self.assertLessEqual({"ref-new", "ref-excluded"}, set(references))

    def test_an_empty_text_is_not_sent(self):
        self.campaign.add("+5511900000001", values={"name": ""})
        run = self.plan(text="{{ name or ' ' }}")
        self.assertEqual(self.messages(run).failure_type, "text_failed")
        self.assertEqual(run.planned_count, 0)

    def test_texts_survive_the_copy_unchanged(self):
        texts = [
            "she said \"no\", 'yes'",
            "a,b;c\td",
            "line one\nline two\n\nend",
            "back\\slash \\N \\n \\.",
            "\\.\n\\.\n",
            "NULL",
            "emoji 😀🇧🇷 e acentos çãõ",
            "{{ name }} %s %(x)s {0}",
            "  spaces  ",
        ]
        for text in texts:
            phone = f"+55119{len(self.campaign.recipients):08d}"
            self.campaign.add(phone, values={"name": text})
        run = self.plan(text="{{ name }}")
        for message, text in zip(self.messages(run), texts, strict=True):
            with self.subTest(text=text):
                self.assertEqual(message.body, text)

    def test_characters_that_a_database_cannot_hold_are_dropped(self):
        """Pain 10: one contact's NUL must not stop the page."""
        cases = [("a\x00b", "ab"), ("a\ud800b", "ab")]
        for text, _stored in cases:
            phone = f"+55119{len(self.campaign.recipients):08d}"
            self.campaign.add(phone, values={"name": text})
        run = self.plan(text="{{ name }}")
        for message, (text, stored) in zip(self.messages(run), cases, strict=True):
            with self.subTest(text=text):
                self.assertEqual(message.body, stored)

    def test_zones_never_share_a_batch(self):
        """Pain 24: a batch waits as a whole, so its recipients share their hours."""
        for area in (SAO_PAULO, MANAUS, RECIFE, 97, 68):
            self.add_contacts(2, area)
        run = self.plan()
        zones = {}
        for message in self.messages(run):
            zones.setdefault(message.batch_id.zone, set()).add(message.phone[3:5])
        self.assertEqual(
            zones,
            {
                "America/Sao_Paulo": {"11", "81"},
                "America/Manaus": {"92"},
                "America/Manaus|America/Rio_Branco": {"97"},
                "America/Rio_Branco": {"68"},
            },
        )
        self.assertEqual(len(run.batch_ids), 4)

    def test_batches_are_filled_to_the_providers_size_across_pages(self):
        self.patch(sms_run_plan, "PAGE", 3)
        self.provider.batch_size = 4
        self.add_contacts(10)
        run = self.plan()
        batches = run.batch_ids.sorted("id")
        self.assertEqual(batches.mapped("message_count"), [4, 4, 2])
        self.assertEqual([len(self.messages(b)) for b in batches], [4, 4, 2])
        self.assertFalse(any(batches.mapped("filling")))

    def test_a_smaller_batch_size_between_two_pages_is_obeyed(self):
        self.patch(sms_run_plan, "PAGE", 5)
        self.provider.batch_size = 10
        self.add_contacts(5)
        run = self.new_run(state="planning")
        run._plan_next_page()
        self.add_contacts(5)
        self.provider.batch_size = 2
        run._plan_next_page()
        self.assertEqual(
            run.batch_ids.sorted("id").mapped("message_count"), [5, 2, 2, 1]
        )

    def test_a_text_with_unknown_names_stops_the_plan_and_lists_them(self):
        self.add_contacts(1)
        cases = [
            ("{{ nme }} {{ limt }}", "limt, nme"),
            ("{{ name", "line 1"),
            (False, "Text"),
        ]
        for text, words in cases:
            with self.subTest(text=text):
                run = self.plan(text=text)
                self.assertEqual(run.state, "failed")
                self.assertIn(words, run.failure_reason)
                self.assertFalse(self.messages(run))

    def test_a_corrected_text_is_planned_from_the_start(self):
        self.add_contacts(2)
        run = self.plan(text="{{ nme }}")
        run.text = "{{ name }}"
        run.action_plan()
        self.run_jobs("_plan")
        self.assertEqual(run.state, "ready")
        self.assertEqual(run.planned_count, 2)

    def test_a_campaign_deleted_while_planned_fails_the_run_and_no_job(self):
        self.patch(type(self.campaign), "exists", lambda campaign: False)
        self.add_contacts(1)
        run = self.plan()
        self.assertEqual(run.state, "failed")
        self.assertIn("deleted", run.failure_reason)

    def test_a_long_plan_goes_on_in_another_job(self):
        """Pain 11: jobs are short and go on from the ledger."""
        self.patch(sms_run_plan, "SLICE_SECONDS", -1)
        self.add_contacts(2)
        run = self.new_run()
        run.action_plan()
        self.run_job(self.pending_jobs("_plan"))
        self.assertEqual(run.state, "planning")
        self.assertEqual(len(self.pending_jobs("_plan")), 1)
        self.patch(sms_run_plan, "SLICE_SECONDS", 20)
        self.run_jobs("_plan")
        self.assertEqual((run.state, run.planned_count), ("ready", 2))

    def test_two_planners_plan_each_contact_once(self):
        """Pain 9: the second job of a run finds the work done."""
        self.add_contacts(3)
        run = self.new_run()
        run.action_plan()
        run._enqueue_plan()
        self.assertEqual(len(self.pending_jobs("_plan")), 2)
        self.run_jobs("_plan")
        self.assertEqual(len(self.messages(run)), 3)
        self.assertEqual(run.recipient_count, 3)

    def test_of_two_people_who_press_plan_one_makes_a_job(self):
        run = self.new_run()
        run.action_plan()
        run.action_send()
        self.assertEqual(len(self.pending_jobs("_plan")), 1)
        self.assertFalse(run.auto_release)

    def test_sending_at_once_starts_full_batches_before_planning_ends(self):
        self.patch(sms_run_plan, "PAGE", 2)
        self.provider.batch_size = 2
        self.add_contacts(5)
        run = self.new_run()
        run.action_send()
        run._plan_next_page()
        self.assertEqual(run.state, "planning")
        self.run_jobs("_send_batch")
        self.assertEqual(self.states(run), {"sent": 2})
        self.run_jobs("_plan", "_send_batch")
        self.assertEqual(self.states(run), {"sent": 5})
        self.assertEqual([len(c.messages) for c in self.gateway.calls], [2, 2, 1])

    def test_what_is_only_planned_does_not_leave(self):
        self.add_contacts(2)
        run = self.plan()
        self.assertEqual(run.state, "ready")
        self.assertEqual(run.batch_ids.mapped("state"), ["draft"])
        self.assertFalse(self.pending_jobs("_send_batch"))

    def test_nobody_to_send_to_is_done_at_once(self):
        self.campaign.add(None, raw_phone="")
        for contacts in (1, 0):
            with self.subTest(contacts=contacts):
                run = self.new_run()
                run.action_send()
                self.run_jobs("_plan")
                self.assertEqual(run.state, "done")
                self.assertTrue(run.done_at)
                self.assertFalse(run.batch_ids)
            self.campaign.recipients.clear()

    def test_a_contacts_salesperson_comes_before_the_runs(self):
        self.campaign.add("+5511900000001", user_id=self.manager.id)
        self.campaign.add("+5511900000002")
        run = self.plan(user_id=self.salesperson.id)
        self.assertEqual(
            self.messages(run).mapped("user_id"), self.manager + self.salesperson
        )

    def test_a_run_keeps_its_own_company_and_provider(self):
        """Pain 5: a job knows no current company; the run does."""
        other = self.env["res.company"].create({"name": "B"})
        provider = self.provider.create({"name": "B", "company_id": other.id})
        self.add_contacts(2)
        run = self.plan(company_id=other.id, provider_id=provider.id)
        messages = self.messages(run)
        self.assertEqual(messages.company_id, other)
        self.assertEqual(messages.provider_id, provider)
        self.assertEqual(messages.batch_id.company_id, other)
        self.assertEqual(messages.batch_id.provider_id, provider)
