from datetime import datetime
from itertools import permutations

from ..models import sms_event_apply
from ..models.sms_batch_stat import SmsBatchStat
from ..models.sms_event import SmsEvent
from ..tools.inbound import RejectionItem, StatusItem
from .common import SmsCase

CODES = {"sent": "2", "delivered": "3", "error": "4", "rejected": "5", "expired": "6"}
FAILURES = {"error": "not_delivered", "expired": "expired"}


def report(state, **values):
    """A delivery report as a gateway gives it."""
    return StatusItem(
        state=state,
        code=CODES.get(state),
        failure_type=FAILURES.get(state),
        text=f"the gateway says {state}",
        **values,
    )


class TestEventApply(SmsCase):
    """Delivery reports end in the right state, whenever and however often."""

    def batch_of(self, messages, **values):
        batch = self.env["sms.batch"].create(
            {
                "company_id": self.company.id,
                "provider_id": self.provider.id,
                "state": "sent",
                "message_count": len(messages),
                "provider_job_id": "req-1",
                "sent_date": datetime(2026, 1, 5, 12, 0),
                **values,
            }
        )
        messages.write({"batch_id": batch.id})
        if batch.attempt_reference:
            self.env["sms.batch.attempt"]._begin(batch)
        return batch

    # -- any order ---------------------------------------------------------------------

    def test_reports_in_any_order_end_in_the_same_state(self):
        cases = [
            (("sent", "delivered"), "delivered"),
            (("sent", "error"), "error"),
            (("sent", "rejected"), "rejected"),
            (("sent", "expired"), "expired"),
            (("sent", "error", "delivered"), "delivered"),
            (("sent", "expired", "delivered"), "delivered"),
            (("sent", "error", "delivered", "delivered"), "delivered"),
        ]
        for states, final in cases:
            for order in permutations(states):
                for together in (True, False):
                    with self.subTest(order=order, together=together):
                        message = self.accepted_message()
                        items = [
                            report(state, reference=message.reference)
                            for state in order
                        ]
                        if together:
                            self.tell(*items)
                        for item in items:
                            self.tell(item)
                        self.assertEqual(message.state, final)

    def test_between_contradicting_refusals_the_first_stays(self):
        for first, second in permutations(("error", "rejected", "expired"), 2):
            with self.subTest(first=first, second=second):
                message = self.accepted_message()
                self.tell(report(first, reference=message.reference))
                self.tell(report(second, reference=message.reference))
                self.assertEqual(message.state, first)

    def test_nothing_revives_what_was_refused_or_cancelled(self):
        for state in ("rejected", "canceled"):
            for told in CODES:
                with self.subTest(state=state, told=told):
                    message = self.accepted_message(state=state)
                    self.tell(report(told, reference=message.reference))
                    self.assertEqual(message.state, state)

    def test_a_report_leaves_its_reason_and_a_late_delivery_takes_it_away(self):
        message = self.accepted_message()
        self.tell(report("error", reference=message.reference))
        self.assertEqual(message.failure_type, "not_delivered")
        self.assertEqual(message.error_message, "the gateway says error")
        self.assertFalse(message.delivered_date)
        moment = datetime(2026, 1, 5, 12, 30)
        self.tell(report("delivered", reference=message.reference, occurred_at=moment))
        self.assertFalse(message.failure_type)
        self.assertFalse(message.error_message)
        self.assertEqual(message.delivered_date, moment)

    def test_a_report_that_nobody_understands_is_kept_and_changes_nothing(self):
        message = self.accepted_message()
        event = self.tell(StatusItem(reference=message.reference, code="99"))
        self.assertEqual(event.state, "applied")
        self.assertEqual(event.message_id, message)
        self.assertEqual(message.state, "sent")

    # -- whose -------------------------------------------------------------------------

    def test_the_gateways_id_decides_and_the_reference_where_there_is_none(self):
        ours = self.accepted_message(provider_message_id="gw-1")
        other = self.accepted_message(provider_message_id="gw-2")
        cases = [
            ({"message_id": "gw-1"}, ours),
            ({"reference": ours.reference}, ours),
            ({"message_id": "gw-1", "reference": other.reference}, ours),
            ({"message_id": "unknown", "reference": ours.reference}, ours),
            ({"message_id": "unknown"}, None),
            ({"reference": "unknown"}, None),
            ({"phone": ours.phone}, None),
        ]
        for number, (names, expected) in enumerate(cases):
            with self.subTest(names=names):
                # Another code each time: else it would be the same event.
                event = self.tell(StatusItem(code=f"2{number}", **names))
                self.assertEqual(event.message_id, expected or ours.browse())
                self.assertEqual(event.state, "applied" if expected else "new")

    def test_a_provider_says_nothing_of_another_providers_messages(self):
        other = self.provider.copy({"name": "Other"})
        ours = self.accepted_message(provider_message_id="gw-1")
        theirs = self.accepted_message(provider_message_id="gw-9", provider_id=other.id)
        events = self.env["sms.event"]
        names = [{"message_id": "gw-1"}, {"reference": ours.reference}]
        forged = [report("delivered", **name) for name in names]
        events._store_items(other, forged, "webhook")
        # One page holds events of both.
        self.tell(report("sent", message_id="gw-1"))
        self.tell(report("delivered", message_id="gw-9"), provider=other)
        self.assertEqual(ours.state, "sent")
        self.assertEqual(theirs.state, "delivered")

    def test_a_reply_is_never_changed_by_a_report(self):
        message = self.accepted_message(direction="incoming", state="delivered")
        self.tell(report("error", reference=message.reference))
        self.assertEqual(message.state, "delivered")

    # -- when --------------------------------------------------------------------------

    def test_a_report_before_the_sends_commit_is_applied_after_it(self):
        message = self.accepted_message(state="outgoing", sent_date=False)
        event = self.tell(report("delivered", message_id="gw-1"))
        self.assertEqual(event.state, "new")
        self.assertEqual(message.state, "outgoing")
        message._store_acceptance(
            [(message.id, "sent", "gw-1", None, None)], "req-1", message.create_date
        )
        self.tell_again(event)
        self.assertEqual(event.state, "applied")
        self.assertEqual(message.state, "delivered")

    def test_a_report_by_reference_during_the_call_is_not_undone_by_its_answer(self):
        message = self.new_message()

        def answer(request):
            item = report("delivered", reference=request.messages[0].reference)
            self.env["sms.event"]._store_items(self.provider, [item], "webhook")
            self.env["sms.event"]._apply_page(0)
            return self.gateway.accept(request)

        self.gateway.answers = [answer]
        message.action_send()
        self.run_jobs("_send_batch")
        self.assertEqual(message.state, "delivered")
        self.assertTrue(message.sent_date)
        self.assertEqual(message.provider_message_id, f"gw-{message.reference}")

    def test_what_matches_nothing_stays_visible_in_the_end(self):
        event = self.tell(report("delivered", message_id="nobody's"))
        self.assertEqual((event.state, event.tries), ("new", 1))
        for tries in range(2, sms_event_apply.UNMATCHED_AFTER + 1):
            self.tell_again(event)
            self.assertEqual(event.tries, tries)
        self.assertEqual(event.state, "unmatched")
        self.tell_again(event)
        self.assertEqual(event.tries, sms_event_apply.UNMATCHED_AFTER)
        supervisor = self.new_user("boss", "sms_base_sr.group_sms_manager")
        found = event.with_user(supervisor).search([("state", "=", "unmatched")])
        self.assertEqual(found.gateway_message_id, "nobody's")

    def test_an_unmatched_event_does_not_hold_up_the_others(self):
        self.tell(report("delivered", message_id="nobody's"))
        message = self.accepted_message()
        self.tell(report("delivered", reference=message.reference))
        self.assertEqual(message.state, "delivered")

    def test_applying_again_changes_nothing(self):
        message = self.accepted_message()
        event = self.tell(report("delivered", reference=message.reference))
        before = message.read()
        self.env["sms.event"]._apply_page(0)
        self.env.cr.execute("UPDATE sms_event SET state = 'new'")
        event.invalidate_recordset()
        self.env["sms.event"]._apply_page(0)
        self.assertEqual(event.state, "applied")
        self.assertEqual(message.read(), before)

    def test_all_pages_are_drained(self):
        self.patch(sms_event_apply, "PAGE", 2)
        messages = self.env["sms.message"].concat(
            *(self.accepted_message() for _number in range(5))
        )
        self.tell(*(report("delivered", reference=m.reference) for m in messages))
        self.assertEqual(set(messages.mapped("state")), {"delivered"})

    def test_a_job_ends_with_a_page_that_is_not_full(self):
        """Those that trickle in meanwhile would be applied one by one."""
        pages = []

        def apply_page(events, after_id):
            pages.append(after_id)
            return super_page(events, after_id)

        super_page = self.env.registry["sms.event"]._apply_page
        self.patch(self.env.registry["sms.event"], "_apply_page", apply_page)
        self.patch(sms_event_apply, "PAGE", 2)
        messages = [self.accepted_message() for _number in range(3)]
        events = self.tell(
            *(report("delivered", reference=m.reference) for m in messages)
        )
        self.assertEqual(pages, [0, sorted(events.ids)[1]])

    def test_many_pages_are_counted_meanwhile(self):
        """People watch a campaign while its reports come in."""
        self.patch(sms_event_apply, "PAGE", 1)
        self.patch(sms_event_apply, "COUNT_EVERY", 2)
        counted = []
        recompute = SmsBatchStat._recompute_touched

        def count(stats):
            counted.append(stats.env["sms.event"].search_count([("state", "=", "new")]))
            return recompute(stats)

        self.patch(SmsBatchStat, "_recompute_touched", count)
        messages = [self.accepted_message() for _number in range(3)]
        self.tell(*(report("delivered", reference=m.reference) for m in messages))
        self.assertEqual(counted, [1, 0])

    def test_a_job_that_never_ends_makes_another_one(self):
        self.patch(sms_event_apply, "PAGE", 1)
        self.patch(sms_event_apply, "PAGES_AT_MOST", 2)
        messages = [self.accepted_message() for _number in range(3)]
        events = self.tell(
            *(report("delivered", reference=m.reference) for m in messages)
        )
        # One job was made for the three, and it stopped after two.
        self.assertEqual(set(events.mapped("state")), {"applied"})

    def test_a_job_that_was_killed_before_it_counted_counts_now(self):
        message = self.accepted_message()
        self.tell(report("delivered", reference=message.reference))
        self.env["sms.batch.stat"].search([]).unlink()
        batch = self.batch_of(message)
        self.env["sms.batch.touch"]._append(batch.ids)
        self.env["sms.event"].with_delay()._apply_pending()
        self.run_jobs("_apply_pending")
        counted = self.env["sms.batch.stat"].search([("batch_id", "=", batch.id)])
        self.assertEqual([(s.state, s.n) for s in counted], [("delivered", 1)])

    def test_a_job_that_finds_another_at_work_comes_back(self):
        self.patch(SmsEvent, "_take_advisory_lock", lambda events, number: False)
        self.env["sms.event"]._apply_pending()
        self.env["sms.event"]._apply_replies()
        methods = self.pending_jobs().mapped("method_name")
        self.assertEqual(sorted(methods), ["_apply_pending", "_apply_replies"])

    def test_the_counters_follow(self):
        message = self.accepted_message()
        batch = self.batch_of(message)
        self.tell(report("delivered", reference=message.reference))
        self.run_jobs("_recompute_touched")
        counted = self.env["sms.batch.stat"].search([("batch_id", "=", batch.id)])
        self.assertEqual([(s.state, s.n) for s in counted], [("delivered", 1)])

    # -- a whole request ---------------------------------------------------------------

    def test_a_late_refusal_of_a_request_rejects_what_is_not_final(self):
        cases = [
            {"request_id": "req-1"},
            {"request_reference": "batch-1-1"},
            {"request_id": "req-1", "request_reference": "batch-1-1"},
        ]
        states = ["sent", "outgoing", "delivered", "error", "canceled"]
        final = ["rejected", "rejected", "delivered", "error", "canceled"]
        for number, names in enumerate(cases):
            with self.subTest(names=names):
                names = {key: f"{value}.{number}" for key, value in names.items()}
                messages = self.env["sms.message"].concat(
                    *(self.accepted_message(state=state) for state in states)
                )
                self.batch_of(
                    messages,
                    provider_job_id=f"req-1.{number}",
                    attempt_reference=f"batch-1-1.{number}",
                )
                event = self.tell(RejectionItem(text="bad words", **names))
                self.assertEqual(event.state, "applied")
                self.assertEqual(messages.mapped("state"), final)
                self.assertEqual(messages[0].failure_type, "gateway_content")
                self.assertEqual(messages[0].error_message, "bad words")

    def test_a_refusal_of_an_unknown_request_waits(self):
        bystander = self.accepted_message()
        self.batch_of(bystander)
        event = self.tell(RejectionItem(request_id="another"))
        self.assertEqual(event.state, "new")
        self.assertEqual(bystander.state, "sent")

    def test_a_late_refusal_of_an_earlier_attempt_says_nothing_about_the_last(self):
        message = self.accepted_message()
        batch = self.batch_of(message, attempt_reference="batch-1-1")
        batch.attempt_reference = "batch-1-2"
        self.env["sms.batch.attempt"]._begin(batch)
        event = self.tell(RejectionItem(text="late", request_reference="batch-1-1"))
        self.assertEqual((event.state, message.state), ("applied", "sent"))
        self.tell(RejectionItem(text="bad words", request_reference="batch-1-2"))
        self.assertEqual(message.state, "rejected")

    def test_a_refusal_by_another_provider_is_not_believed(self):
        message = self.accepted_message()
        self.batch_of(message)
        other = self.provider.copy({"name": "Other"})
        self.tell(RejectionItem(request_id="req-1"), provider=other)
        self.assertEqual(message.state, "sent")
