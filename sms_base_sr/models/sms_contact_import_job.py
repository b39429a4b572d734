import json
import logging
import time

import psycopg2
import psycopg2.errors
from psycopg2.extras import execute_values

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.queue_job.exception import RetryableJobError

from ..tools import contact_file, planning
from .sms_batch_settle import LOST
from .sms_contact_import import ACTIVE_STATES

_logger = logging.getLogger(__name__)

PAGE = 1000
# Below limit_time_cpu (60 s by default): then the job makes its own successor.
SLICE_SECONDS = 20
IMPORT_TRIES = 3
# With the import's id: of two jobs of one import the second leaves at once.
ADVISORY_LOCK = 0x534D5306
EXPECTED = (RetryableJobError, *LOST)
# What one line's values can cause; the other lines of its page are imported.
REFUSALS = (
    UserError,
    ValidationError,
    ValueError,
    psycopg2.errors.IntegrityError,
    psycopg2.errors.DataError,
)


class SmsContactImport(models.Model):
    """The job: all lines are copied to a table, then decided page by page.

    A page's contacts and its lines' fates are one transaction. A crash costs one page
    and imports no line twice; a lost job is made anew by the sweeper.
    """

    _inherit = "sms.contact.import"

    def _enqueue_import(self):
        for record in self:
            title = self.env._("Import %s", record.file_name or record.id)
            record.with_delay(priority=15, description=title)._run_import()

    def _run_import(self):
        """Import for a while; continue in a new job when there is more to do."""
        self.ensure_one()
        deadline = time.monotonic() + SLICE_SECONDS
        while time.monotonic() < deadline:
            try:
                more = self._next_step_or_roll_back()
            except EXPECTED:
                raise
            except Exception as error:
                self._note_failure(error)
                if isinstance(error, UserError):
                    return
                raise
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
            if not more:
                return
        self._enqueue_import()

    def _next_step_or_roll_back(self):
        """One step; a button pressed meanwhile undoes it."""
        try:
            return self._next_step()
        except psycopg2.errors.SerializationFailure:
            self.env.cr.rollback()
            return True

    def _next_step(self):
        """Read the file, or import a page; return whether there is more to do."""
        state = self._state_if_mine()
        if state == "reading":
            self._stage_lines()
            return True
        return state == "running" and self._import_page()

    def _state_if_mine(self):
        """The state, or None while another job of this import works."""
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT CASE WHEN pg_try_advisory_xact_lock(%s, id) THEN state END"
            " FROM sms_contact_import WHERE id = %s",
            [ADVISORY_LOCK, self.id],
        )
        row = self.env.cr.fetchone()
        self.invalidate_recordset()
        return row and row[0]

    def _note_failure(self, error):
        """What always fails must not fail one job a minute for ever.

        A sentence for people (a right that was withdrawn, a damaged file) stops it at
        once: trying again changes nothing.
        """
        self.env.cr.rollback()
        # sudo: the user may have lost the right to import.
        failures = self.sudo().failures + 1
        values = {"failures": failures}
        if failures >= IMPORT_TRIES or isinstance(error, UserError):
            reason = str(error) or type(error).__name__
            values |= {"state": "failed", "failure_reason": reason}
        self._write_progress(values)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it

    def _write_progress(self, values):
        """Write the import, last in a step, unless a button has changed it meanwhile.

        :raises SerializationFailure: a button was pressed since the step began
        """
        self.env.cr.execute(
            "SELECT 1 FROM sms_contact_import WHERE id = %s FOR NO KEY UPDATE",
            [self.id],
            log_exceptions=False,
        )
        # sudo: from *Import* on, the job alone writes it.
        self.sudo().write(values)

    # -- reading -----------------------------------------------------------------------

    def _stage_lines(self):
        """Copy all lines to their table, in the transaction that says so."""
        self._writable_campaign()
        rows = self._open_file().rows()
        try:
            if self.has_header:
                next(rows, None)
            lines = [(self.id, line, json.dumps(cells), "new") for line, cells in rows]
        except contact_file.FileProblem as problem:
            raise UserError(self._file_problem(problem)) from problem
        self.env.cr.copy_expert(
            "COPY sms_contact_import_line (import_id, number, cells, state)"
            " FROM STDIN WITH (FORMAT csv)",
            planning.as_csv(lines),
        )
        self._write_progress({"state": "running", "line_count": len(lines)})

    # -- importing ---------------------------------------------------------------------

    def _import_page(self):
        """Import one page; return whether there may be another."""
        campaign = self._writable_campaign()
        lines = self._waiting_lines()
        if not lines:
            self._finish()
            return False
        decisions = self._decide_page(lines, campaign)
        good = {key: d for key, d in decisions.items() if not d.reason}
        decisions.update(self._create_contacts(campaign, good))
        self._store_decisions(decisions)
        refused = sum(1 for d in decisions.values() if d.reason)
        self._write_progress(
            {
                "failures": 0,
                "imported_count": self.imported_count + len(lines) - refused,
                "refused_count": self.refused_count + refused,
            }
        )
        return True

    def _waiting_lines(self):
        self.env.cr.execute(
            """
            SELECT id, number, cells FROM sms_contact_import_line
            WHERE import_id = %s AND state = 'new' ORDER BY id LIMIT %s
            """,
            [self.id, PAGE],
        )
        return self.env.cr.fetchall()

    def _create_contacts(self, campaign, decisions):
        """Create a page's contacts; return {line: Decision} of those refused.

        Where one line's values are refused by the database or by the campaign's own
        model, halves are tried until that line is alone.
        """
        if not decisions:
            return {}
        rows = [(d.phone, d.values) for d in decisions.values()]
        try:
            with self.env.cr.savepoint():
                campaign._sms_import_create(self, rows)
                self.env.flush_all()
            return {}
        except (AccessError, psycopg2.errors.SerializationFailure):
            raise
        except REFUSALS as error:
            self.env.invalidate_all()
            return self._create_halves(campaign, decisions, error)

    def _create_halves(self, campaign, decisions, error):
        keys = list(decisions)
        if len(keys) == 1:
            _logger.info("Import %s: line %s refused: %s", self.id, keys[0], error)
            decision = decisions[keys[0]]
            detail = self._rejection(error)
            return {keys[0]: decision._replace(reason="rejected", detail=detail)}
        refused = {}
        middle = len(keys) // 2
        for part in (keys[:middle], keys[middle:]):
            half = {key: decisions[key] for key in part}
            refused.update(self._create_contacts(campaign, half))
        return refused

    def _rejection(self, error):
        """Say why, without a database's own words where there are better ones."""
        if isinstance(error, UserError):
            return str(error)
        return self.env._("The database refuses this line. Look for unusual values.")

    def _store_decisions(self, decisions):
        rows = [
            (
                key,
                "refused" if d.reason else "imported",
                None if d.reason else d.phone,
                d.reason,
                d.detail,
            )
            for key, d in decisions.items()
        ]
        execute_values(
            self.env.cr._obj,
            """
            UPDATE sms_contact_import_line l
            SET state = v.state, phone = v.phone, reason = v.reason, detail = v.detail
            FROM (VALUES %s) AS v (id, state, phone, reason, detail)
            WHERE l.id = v.id
            """,
            rows,
            template="(%s::int, %s, %s, %s, %s)",
            page_size=PAGE,
        )
        self.env["sms.contact.import.line"].invalidate_model()

    def _finish(self):
        """Keep what was refused; imported lines stand in the campaign."""
        self._write_progress({"state": "done", "done_at": fields.Datetime.now()})
        self.sudo().write({"file": False, "sample": False})
        self.env.cr.execute(
            "DELETE FROM sms_contact_import_line"
            " WHERE import_id = %s AND state = 'imported'",
            [self.id],
        )

    # -- the sweeper -------------------------------------------------------------------

    @api.model
    def _sweep_imports(self):
        """Wake imports that have no living job, as those who began them."""
        for record in self.search([("state", "in", ACTIVE_STATES)]):
            if not record._has_living_job("_run_import"):
                user = record.user_id
                context = {"allowed_company_ids": record.company_id.ids}
                record.with_user(user).with_context(**context)._enqueue_import()


class SmsBatch(models.Model):
    """Imports are woken by the sweeper as well."""

    _inherit = "sms.batch"

    @api.model
    def _sweep_steps(self):
        return [*super()._sweep_steps(), ("sms.contact.import", "_sweep_imports")]


class QueueJob(models.Model):
    """An import's job is a wake-up call: its lines say what is left to do."""

    _inherit = "queue.job"

    @api.model
    def _sms_ledger_jobs(self):
        ours = ("sms.contact.import", "_run_import")
        return super()._sms_ledger_jobs() | {ours}
