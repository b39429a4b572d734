from odoo import api, models

from ..tools.states import strongest
from .sms_batch_settle import CONFLICTS

ADVISORY_LOCK = 0x534D5302
PAGE = 1000
# Then a new job goes on: a worker is not kept for ever.
PAGES_AT_MOST = 200
# People watch a campaign while its reports come in.
COUNT_EVERY = 20
# An event may come before the send's commit; one that matches nothing after this
# many rounds stays visible as unmatched.
UNMATCHED_AFTER = 10
TRY_AGAIN_SECONDS = 15


class SmsEvent(models.Model):
    """Applying delivery reports: in bulk, by rank, in any order, however often."""

    _inherit = "sms.event"

    @api.model
    def _apply_pending(self):
        """Drain the inbox of delivery reports and rejections, page by page.

        What comes meanwhile has a wake-up of its own: taken a few at a time as they
        come, reports would cost several times as much. It counts what it has changed,
        however it came to start: a job that was killed before it counted begins again
        with an empty inbox.
        """
        last_id = 0
        for page in range(1, PAGES_AT_MOST + 1):
            if not self._take_advisory_lock(ADVISORY_LOCK):
                self._wake_up({"status"})
                return
            reached = self._apply_page_or_roll_back(last_id)
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
            if reached == 0:
                break
            last_id = reached or last_id
            if page % COUNT_EVERY == 0:
                self.env["sms.batch.stat"]._recompute_touched()
                self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
        else:
            self._wake_up({"status"})
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
        self.env["sms.batch.stat"]._recompute_touched()

    @api.model
    def _apply_page_or_roll_back(self, after_id):
        """As :meth:`_apply_page`; None when a send stored its answer meanwhile.

        In Odoo's isolation that shows as a serialization failure: look again, with
        a new snapshot.
        """
        try:
            return self._apply_page(after_id)
        except CONFLICTS:
            self.env.cr.rollback()
            return None

    @api.model
    def _apply_page(self, after_id):
        """Apply one page; return its last event's id, or 0 when it was not full."""
        events = self._read_waiting(("status", "rejection"), after_id)
        if not events:
            return 0
        statuses = [event for event in events if event["kind"] == "status"]
        matches = self._match(statuses)
        batch_ids = self._raise_messages(statuses, matches)
        for event in events:
            if event["kind"] == "rejection":
                found = self._reject_request(event)
                matches.update({event["id"]: (None, None)} if found else {})
                batch_ids += found
        self._mark(events, matches)
        self.env["sms.batch.touch"]._append(batch_ids)
        return events[-1]["id"] if len(events) == PAGE else 0

    @api.model
    def _read_waiting(self, kinds, after_id=0):
        self.env.cr.execute(
            """
            SELECT id, key, kind, provider_id, tries, gateway_message_id, reference,
                   request_id, request_reference, phone, reported_state,
                   failure_type, text, occurred_at
            FROM sms_event
            WHERE state = 'new' AND kind = ANY(%s) AND id > %s
              AND (tries = 0 OR write_date < (now() AT TIME ZONE 'UTC')
                   - tries * %s * interval '1 second')
            ORDER BY id LIMIT %s
            """,
            [list(kinds), after_id, TRY_AGAIN_SECONDS, PAGE],
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _match(self, events, lock="FOR NO KEY UPDATE"):
        """Return {event id: (message id, state)} by gateway id, else by reference."""
        gateway_ids = [e["gateway_message_id"] for e in events]
        references = [e["reference"] for e in events]
        self.env["sms.message"].flush_model()
        # One by one: for a thousand at once PostgreSQL reads the whole table, until
        # that is much larger than the campaigns of most days.
        self.env.cr.execute(
            f"""
            SELECT id, state, provider_id, provider_message_id, reference
            FROM sms_message
            WHERE provider_id = ANY(%(providers)s) AND id = ANY(ARRAY(
                SELECT m.id FROM unnest(%(ids)s::varchar[]) named (name), LATERAL (
                    SELECT id FROM sms_message
                    WHERE provider_message_id = named.name OFFSET 0) m
                UNION
                SELECT m.id FROM unnest(%(refs)s::varchar[]) named (name), LATERAL (
                    SELECT id FROM sms_message
                    WHERE reference = named.name OFFSET 0) m))
            ORDER BY id {lock}
            """,
            {
                "ids": [i for i in gateway_ids if i],
                "refs": [r for r in references if r],
                "providers": list({e["provider_id"] for e in events}),
            },
            log_exceptions=False,
        )
        by_gateway_id, by_reference = {}, {}
        # With the provider: none may speak of what another one sent.
        for message_id, state, provider, *names in self.env.cr.fetchall():
            by_gateway_id[provider, names[0]] = (message_id, state)
            by_reference[provider, names[1]] = (message_id, state)
        found = {}
        for event in events:
            provider = event["provider_id"]
            named = event["gateway_message_id"], event["reference"]
            match = named[0] and by_gateway_id.get((provider, named[0]))
            match = match or (named[1] and by_reference.get((provider, named[1])))
            if match:
                found[event["id"]] = match
        return found

    @api.model
    def _raise_messages(self, events, matches):
        """Fold all reports of a message into one change; return touched batches."""
        by_message = {}
        for event in events:
            if event["id"] in matches and event["reported_state"]:
                by_message.setdefault(matches[event["id"]], []).append(event)
        rows = []
        for (message_id, current), reports in by_message.items():
            state = strongest(current, [r["reported_state"] for r in reports])
            if state == current:
                continue
            report = next(r for r in reports if r["reported_state"] == state)
            detail = None if state == "delivered" else report["text"]
            rows.append(
                (
                    message_id,
                    state,
                    report["failure_type"],
                    detail,
                    report["occurred_at"],
                )
            )
        return self.env["sms.message"]._raise_states(rows)

    @api.model
    def _reject_request(self, event):
        """The gateway withdrew a whole request: reject what is not final yet."""
        batch, attempt = self._find_request(event)
        if attempt and attempt.reference != batch.attempt_reference:
            # A later attempt took its place: this says nothing about that one.
            return batch.ids
        rows = [
            (
                message.id,
                "rejected",
                "gateway_content",
                event["text"],
                event["occurred_at"],
            )
            for message in batch.message_ids
            if message.state in ("draft", "outgoing", "sent")
        ]
        self.env["sms.message"]._raise_states(rows)
        return batch.ids

    @api.model
    def _find_request(self, event):
        """Return (batch, attempt): by the gateway's id, else by our reference."""
        attempts = self.env["sms.batch.attempt"]
        provider = ("provider_id", "=", event["provider_id"])
        request = ("provider_job_id", "=", event["request_id"] or "-")
        batch = self.env["sms.batch"].search([provider, request], limit=1)
        if batch:
            return batch, attempts
        reference = ("reference", "=", event["request_reference"] or "-")
        attempt = attempts.search([provider, reference], limit=1)
        return attempt.batch_id, attempt

    @api.model
    def _mark(self, events, matches):
        """Note what became of each event; unmatched ones are tried again."""
        matched = {e["id"]: matches[e["id"]][0] for e in events if e["id"] in matches}
        self._conclude("applied", matched)
        unmatched = [e["id"] for e in events if e["id"] not in matches]
        if unmatched:
            self.env.cr.execute(
                """
                UPDATE sms_event SET tries = tries + 1,
                    state = CASE WHEN tries + 1 >= %s THEN 'unmatched' ELSE state END,
                    write_date = now() AT TIME ZONE 'UTC'
                WHERE id = ANY(%s)
                """,
                [UNMATCHED_AFTER, unmatched],
            )
            self._try_again_soon(
                {e["kind"] for e in events if e["id"] in unmatched and not e["tries"]}
            )
        self.invalidate_model()

    @api.model
    def _try_again_soon(self, kinds):
        """Most that match nothing have overtaken the answer to the call.

        They need not wait for the sweeper, which looks after all later tries.
        """
        soon = self.with_delay(
            eta=TRY_AGAIN_SECONDS + 1, description=self.env._("Apply events again")
        )
        if "reply" in kinds:
            soon._apply_replies()
        if kinds & {"status", "rejection"}:
            soon._apply_pending()

    @api.model
    def _conclude(self, state, message_ids):
        """Give events their last state; ``message_ids`` are {event id: message id}."""
        if not message_ids:
            return
        self.env.cr.execute(
            """
            UPDATE sms_event e SET state = %s, message_id = v.message_id,
                write_date = now() AT TIME ZONE 'UTC'
            FROM unnest(%s::int[], %s::int[]) AS v (id, message_id)
            WHERE e.id = v.id
            """,
            [state, list(message_ids), list(message_ids.values())],
        )
        self.invalidate_model()
