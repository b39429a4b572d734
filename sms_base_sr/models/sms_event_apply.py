from odoo import api, models

from ..tools.states import strongest

ADVISORY_LOCK = 0x534D5302
PAGE = 1000
# An event may come before the send's commit; one that matches nothing after this
# many rounds stays visible as unmatched.
UNMATCHED_AFTER = 10
TRY_AGAIN_SECONDS = 15


class SmsEvent(models.Model):
    """Applying delivery reports: in bulk, by rank, in any order, any number of times."""

    _inherit = "sms.event"

    @api.model
    def _apply_pending(self):
        """Drain the inbox of delivery reports and rejections, page by page."""
        applied = last_id = 0
        while True:
            if not self._take_advisory_lock(ADVISORY_LOCK):
                self._wake_up({"status"})
                return
            last_id = self._apply_page(last_id)
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
            if not last_id:
                break
            applied += 1
        if applied:
            # What was committed while the last page was read gets one more look.
            self._wake_up({"status"})

    @api.model
    def _apply_page(self, after_id):
        """Apply one page; return its last event's id, or 0 when there was none."""
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
        self.env["sms.batch.touch"]._touch(batch_ids)
        return events[-1]["id"]

    @api.model
    def _read_waiting(self, kinds, after_id=0):
        self.env.cr.execute(
            """
            SELECT id, kind, provider_id, tries, gateway_message_id, reference,
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
    def _match(self, events):
        """Return {event id: (message id, state)} by gateway id, else by reference."""
        gateway_ids = [e["gateway_message_id"] for e in events]
        references = [e["reference"] for e in events]
        self.env["sms.message"].flush_model()
        self.env.cr.execute(
            """
            SELECT id, state, provider_message_id, reference FROM sms_message
            WHERE (provider_message_id = ANY(%(ids)s) OR reference = ANY(%(refs)s))
              AND provider_id = ANY(%(providers)s)
            ORDER BY id FOR NO KEY UPDATE
            """,
            {
                "ids": [i for i in gateway_ids if i],
                "refs": [r for r in references if r],
                "providers": list({e["provider_id"] for e in events}),
            },
        )
        by_gateway_id, by_reference = {}, {}
        for message_id, state, gateway_id, reference in self.env.cr.fetchall():
            by_reference[reference] = (message_id, state)
            if gateway_id:
                by_gateway_id[gateway_id] = (message_id, state)
        found = {}
        for event in events:
            match = by_gateway_id.get(event["gateway_message_id"]) or by_reference.get(
                event["reference"]
            )
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
        batch = self.env["sms.batch"].search(
            [
                ("provider_id", "=", event["provider_id"]),
                "|",
                ("provider_job_id", "=", event["request_id"] or "-"),
                ("attempt_reference", "=", event["request_reference"] or "-"),
            ],
            limit=1,
        )
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
    def _mark(self, events, matches):
        """Note what became of each event; unmatched ones are tried again."""
        matched = [(e["id"], matches[e["id"]][0]) for e in events if e["id"] in matches]
        if matched:
            self.env.cr.execute(
                """
                UPDATE sms_event e SET state = 'applied', message_id = v.message_id,
                    write_date = now() AT TIME ZONE 'UTC'
                FROM unnest(%s::int[], %s::int[]) AS v (id, message_id)
                WHERE e.id = v.id
                """,
                [[m[0] for m in matched], [m[1] for m in matched]],
            )
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
        self.invalidate_model()
