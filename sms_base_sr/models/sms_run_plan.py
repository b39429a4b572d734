import time

import psycopg2.errors

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.queue_job.exception import RetryableJobError

from ..tools import plan_figures, planning, text_template
from ..tools.no_jit import NO_JIT_SQL
from ..tools.suppression import NOT_SUPPRESSED
from .sms_batch_settle import LOST

PAGE = 1000
# Below limit_time_cpu (60 s by default): then the job makes its own successor.
SLICE_SECONDS = 20
# Jobs of one page that may fail in a row; then the run fails, and a person is told.
PLAN_TRIES = 3
# A lost connection, a conflict, somebody who may not: no fault of the page.
EXPECTED = (RetryableJobError, AccessError, *LOST)
# With the run's id: of two planning jobs of one run the second leaves at once.
ADVISORY_LOCK = 0x534D5304


class SmsRun(models.Model):
    """Planning: one decision per contact, page by page, each page with its batches.

    Rows are inserted by SQL (the ORM's create() costs three times as much), and a
    page is committed with the batches that it fills, so that sending overlaps
    planning and a crash costs one page. The run's own row is locked at the very end
    of a page: held for the page, it would keep *Pause* and *Cancel* waiting until the
    last contact is planned.
    """

    _inherit = "sms.run"

    def _enqueue_plan(self):
        """Make the planning job of each run and return the last one."""
        job = None
        for run in self:
            job = run.with_delay(
                priority=5, description=self.env._("Plan %s", run.name)
            )._plan()
        return job

    def _plan(self):
        """Plan for a while; continue in a new job when there is more to do."""
        self.ensure_one()
        deadline = time.monotonic() + SLICE_SECONDS
        while time.monotonic() < deadline:
            try:
                more = self._plan_page_or_roll_back()
            except EXPECTED:
                raise
            except Exception as error:
                self._note_plan_failure(error)
                raise
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
            if not more:
                return
        self._enqueue_plan()

    def _note_plan_failure(self, error):
        """A page that always raises must not fail one job a minute for ever."""
        self.env.cr.rollback()
        failures = self.plan_failures + 1
        values = {"plan_failures": failures}
        if failures >= PLAN_TRIES:
            reason = self.env._(
                "Planning stopped after %(count)s errors in a row: %(error)s",
                count=failures,
                error=error,
            )
            values |= {"state": "failed", "failure_reason": reason}
        self._move(["planning"], values)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it

    def _plan_page_or_roll_back(self):
        """As :meth:`_plan_next_page`; a button pressed meanwhile undoes the page."""
        try:
            return self._plan_next_page()
        except psycopg2.errors.SerializationFailure:
            self.env.cr.rollback()
            return True

    def _plan_next_page(self):
        """Plan one page; return whether there may be another."""
        if not self._may_plan():
            return False
        campaign = self._campaign()
        if not campaign or not campaign.exists():
            reason = self.env._("The campaign was deleted while it was planned.")
            self._write_plan({"state": "failed", "failure_reason": reason})
            return False
        try:
            template = self._compile(campaign)
        except (UserError, text_template.TemplateError) as error:
            self._write_plan({"state": "failed", "failure_reason": str(error)})
            return False
        campaign = campaign.with_context(sms_text_names=self._text_names(template))
        recipients = campaign._sms_audience_page(self.plan_cursor, PAGE)
        if not recipients:
            self._finish_planning()
            return False
        page = self._page_class()(
            template,
            taken=self._numbers_taken(recipients),
            suppressed=self._numbers_suppressed(recipients),
            common=campaign._sms_common_values(),
            drop_accents=self.drop_accents,
            **self._page_options(recipients),
            refused=self._contacts_suppressed(recipients),
        )
        decisions = page.decide(recipients)
        self._store_page(decisions)
        return True

    def _may_plan(self):
        """Tell whether this job plans now: the run wants it, and no other job does."""
        self.env.cr.execute(
            f"SELECT state, pg_try_advisory_xact_lock(%s, id), {NO_JIT_SQL}"
            " FROM sms_run WHERE id = %s",
            [ADVISORY_LOCK, self.id],
        )
        row = self.env.cr.fetchone()
        self.invalidate_recordset()
        return bool(row) and row[:2] == ("planning", True)

    def _page_class(self):
        """Hook: what makes the object that decides a page of contacts."""
        return planning.Page

    def _page_options(self, recipients):
        """Hook: more of what a page is decided with."""
        return {}

    def _write_plan(self, values):
        """Write the run, last in the page, unless somebody has changed it meanwhile.

        :raises SerializationFailure: a button was pressed since the page began
        """
        self.env.cr.execute(
            "SELECT 1 FROM sms_run WHERE id = %s FOR NO KEY UPDATE",
            [self.id],
            log_exceptions=False,
        )
        self.write(values)

    def _compile(self, campaign):
        """Compile the text and refuse names that the campaign does not declare."""
        if not self.text:
            raise UserError(self.env._("Text: the campaign has no text to send."))
        return self._compile_text(self.text, campaign)

    def _text_names(self, template):
        """Hook: the names of the values that this run's texts need."""
        return template.names

    def _compile_text(self, text, campaign):
        template = text_template.compile_text(text)
        unknown = template.missing(campaign._sms_variable_names())
        if unknown:
            raise UserError(
                self.env._(
                    "The text uses variables that this campaign does not have: %s. "
                    "Correct the template.",
                    ", ".join(sorted(unknown)),
                )
            )
        return template

    def _numbers_taken(self, recipients):
        """Numbers of the page that this campaign has texted already.

        A campaign that was cancelled halfway and is sent again must not text those
        whom the first run has reached, or may have reached.
        """
        numbers = [r.phone for r in recipients if r.phone]
        # Number by number, and by the number alone: of a run that grows PostgreSQL
        # knows nothing yet, and would rather read all of it for each page or number.
        # A retry's key is the number and a counter.
        self.env.cr.execute(
            """
            WITH found AS MATERIALIZED (
                SELECT m.*
                FROM unnest(%(numbers)s::varchar[]) wanted (number), LATERAL (
                    SELECT run_id, dedupe_key, state, sent_date, batch_id
                    FROM sms_message
                    WHERE phone = wanted.number AND phone IS NOT NULL
                      AND dedupe_key IS NOT NULL AND run_id + 0 = ANY(%(runs)s)
                    OFFSET 0
                ) m
            )
            SELECT split_part(f.dedupe_key, '#', 1)
            FROM found f LEFT JOIN sms_batch b ON b.id = f.batch_id
            WHERE f.run_id = %(run)s OR f.sent_date IS NOT NULL
               OR (b.state IN ('sending', 'unknown', 'sent')
                   AND f.state IN ('draft', 'outgoing'))
            """,
            {
                "runs": self._runs_of_campaign().ids,
                "numbers": numbers,
                "run": self.id,
            },
        )
        return {row[0] for row in self.env.cr.fetchall()}

    def _runs_of_campaign(self):
        """This run and the earlier ones of the same campaign."""
        if not self.res_model:
            return self
        return self.search(
            [("res_model", "=", self.res_model), ("res_id", "=", self.res_id)]
        )

    def _numbers_suppressed(self, recipients):
        """Return {number: Suppression} for numbers of the page not to be texted."""
        numbers = [r.phone for r in recipients if r.phone]
        look_up = self.env["sms.suppression"]
        scope = look_up._scope(
            self.company_id, self.provider_id, self.message_class, self
        )
        return look_up._of_numbers(numbers, scope)

    def _contacts_suppressed(self, recipients):
        """Hook: {source id: Suppression} for what depends on more than the number."""
        return {}

    def _store_page(self, decisions):
        """Insert the messages, fill the batches and move the cursor."""
        sendable = [decision for decision in decisions if decision.sendable]
        batches = self._assign_batches(sendable)
        self._insert_messages(decisions, batches)
        excluded = planning.count_reasons(decisions)
        for reason, count in (self.excluded_counts or {}).items():
            excluded[reason] += count
        segments = sum(decision.segments for decision in sendable)
        price = self.provider_id.price_per_segment
        figures = plan_figures.of_page(decisions)
        self._write_plan(
            {
                "plan_cursor": decisions[-1].recipient.source_id,
                "plan_failures": 0,
                "recipient_count": self.recipient_count + len(decisions),
                "planned_count": self.planned_count + len(sendable),
                "planned_segments": self.planned_segments + segments,
                "planned_cost": self.planned_cost + segments * price,
                "excluded_counts": dict(excluded),
                "plan_figures": plan_figures.add(self.plan_figures, figures),
            }
        )

    def _assign_batches(self, sendable):
        """Put messages of one time zone together; return {reference: batch id}.

        A batch waits as a whole for its sending window, so it never mixes zones.
        """
        assigned = {}
        by_zone = {}
        for decision in sendable:
            by_zone.setdefault(decision.zone, []).append(decision)
        for zone, group in by_zone.items():
            while group:
                batch = self._open_batch(zone)
                room = max(0, self.provider_id._batch_limit() - batch.message_count)
                part, group = group[:room], group[room:]
                assigned.update((d.reference, batch.id) for d in part)
                batch.message_count += len(part)
                if batch.message_count >= self.provider_id._batch_limit():
                    batch._close()
        return assigned

    def _open_batch(self, zone):
        batches = self.env["sms.batch"]
        found = batches.search(
            [("run_id", "=", self.id), ("filling", "=", True), ("zone", "=", zone)],
            limit=1,
        )
        return found or batches.create(
            {
                "run_id": self.id,
                "company_id": self.company_id.id,
                "provider_id": self.provider_id.id,
                "message_class": self.message_class,
                "zone": zone,
                "state": "draft",
                "filling": True,
            }
        )

    def _message_constants(self):
        """Columns that have the same value in each message of the run.

        Not the user: the run has him, and each row would have to lock his.
        """
        now = fields.Datetime.now()
        return {
            "run_id": self.id,
            "company_id": self.company_id.id,
            "provider_id": self.provider_id.id,
            "message_class": self.message_class,
            "direction": "outgoing",
            "create_date": now,
            "write_date": now,
        }

    def _insert_messages(self, decisions, batches):
        constants = self._message_constants()
        # Read once: a field costs more than all the rest of a row.
        price, user_id = self.provider_id.price_per_segment, self.user_id.id or None
        for decision in decisions:
            decision.cost = decision.segments * price
            decision.recipient.user_id = decision.recipient.user_id or user_id
        same = tuple(constants.values())
        rows = [self._message_row(decision, batches) + same for decision in decisions]
        columns = [*self._message_columns(), *constants]
        self.env["sms.message"]._copy_rows(columns, rows)

    def _message_columns(self):
        """Hook: the columns of :meth:`_message_row`."""
        return MESSAGE_COLUMNS

    def _message_row(self, decision, batches):
        recipient = decision.recipient
        why = decision.why or NOT_SUPPRESSED
        since = why.since or (fields.Datetime.now() if why.reason else None)
        return (
            decision.reference,
            batches.get(decision.reference),
            recipient.phone or recipient.raw_phone,
            recipient.phone if decision.sendable else None,
            decision.text,
            "draft" if decision.sendable else "canceled",
            decision.failure_type,
            decision.detail,
            recipient.source_id,
            recipient.partner_id,
            recipient.user_id,
            len(decision.text or ""),
            decision.segments,
            decision.cost,
            why.source,
            why.name,
            since,
        )

    def _finish_planning(self):
        """Close the last batches; a run that sends at once goes on sending."""
        batches = self.batch_ids.filtered("filling")
        state = self._state_once_planned()
        self._write_plan({"state": state, "planned_at": fields.Datetime.now()})
        batches._close()
        self._finish_if_done()


MESSAGE_COLUMNS = (
    "reference",
    "batch_id",
    "phone",
    "dedupe_key",
    "body",
    "state",
    "failure_type",
    "error_message",
    "source_id",
    "partner_id",
    "user_id",
    "char_count",
    "sms_count",
    "cost",
    "suppression_source",
    "suppression_name",
    "suppression_date",
)
