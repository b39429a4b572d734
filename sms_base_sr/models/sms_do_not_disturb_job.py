import base64
import logging
import time
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.queue_job.exception import RetryableJobError

from ..tools import contact_file, number_list, planning
from .sms_batch_settle import LOST

_logger = logging.getLogger(__name__)

PAGE = 20_000
MOST_LINES = 2_000_000
# Numbers of replaced lists that one sweep deletes.
SWEPT = 50_000
# Below limit_time_cpu (60 s by default): then the job makes its own successor.
SLICE_SECONDS = 20
TRIES = 3
SHOWN_PROBLEMS = 20
# With the list's id: of two jobs of one list the second leaves at once.
ADVISORY_LOCK = 0x534D5307
EXPECTED = (RetryableJobError, *LOST)


class SmsDoNotDisturb(models.Model):
    """The job: pages of lines are copied to the numbers' table, then all count at once.

    A page's numbers and the line that was reached are one transaction, so that a crash
    costs one page; a lost job is made anew by the sweeper.
    """

    _inherit = "sms.do.not.disturb"

    def _begin_reading(self):
        """Start with the first line: after a failure the file may be another one."""
        names = ("line_count", "read_count", "number_count", "refused_count")
        self.write({"state": "reading", **dict.fromkeys(names, 0), "failures": 0})
        self.write({"failure_reason": False, "problems": False})
        self.env.cr.execute(
            "DELETE FROM sms_do_not_disturb_number WHERE list_id = ANY(%s)", [self.ids]
        )

    def _enqueue_load(self):
        for record in self:
            title = self.env._("Do-not-disturb list: %s", record.name)
            record.with_delay(priority=20, description=title)._load()

    def _load(self):
        """Read for a while; continue in a new job when there is more to do."""
        self.ensure_one()
        deadline = time.monotonic() + SLICE_SECONDS
        try:
            more = self._load_until(deadline)
        except EXPECTED:
            raise
        except Exception as error:
            self._note_failure(error)
            if isinstance(error, UserError):
                return
            raise
        if more:
            self._enqueue_load()

    def _load_until(self, deadline):
        """Read pages until the file or the time ends; return whether more is to do."""
        if not self._is_mine():
            return False
        rows, read_number = self._open_rows()
        rows = islice(rows, self.read_count, None)
        while page := list(islice(rows, PAGE)):
            self._store_page(page, read_number)
            self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
            reached = self.read_count
            # Between two pages another job of this list may have gone on.
            if not self._is_mine() or self.read_count != reached:
                return False
            if time.monotonic() > deadline:
                return True
        self._come_into_force()
        self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it
        return False

    def _is_mine(self):
        """Whether this job reads now: the list waits, and no other job reads it."""
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT state, pg_try_advisory_xact_lock(%s, id) FROM sms_do_not_disturb"
            " WHERE id = %s",
            [ADVISORY_LOCK, self.id],
        )
        row = self.env.cr.fetchone()
        self.invalidate_recordset()
        return row == ("reading", True)

    # -- reading -----------------------------------------------------------------------

    def _open_rows(self):
        """Return the file's rows, and the function that reads a row's number.

        :raises UserError: the file is no table, or no column of it holds numbers
        """
        try:
            data = base64.b64decode(self.file or b"")
            source = contact_file.open_file(data)
            source.most_lines = MOST_LINES
            reader = number_list.find_column(self._sample(source), self._normalize)
            if not self.line_count:
                self.line_count = sum(1 for _row in source.rows())
        except contact_file.FileProblem as problem:
            raise UserError(
                self.env["sms.contact.import"]._file_problem(problem)
            ) from problem
        if not reader:
            raise UserError(
                self.env._(
                    "File: no column holds phone numbers with their area code, for "
                    "example 11912345678."
                )
            )
        return source.rows(), reader

    def _sample(self, source):
        lines = islice(source.rows(), number_list.LOOKED_AT)
        return [cells for _line, cells in lines]

    def _normalize(self, text):
        company = self.company_id or self.env.company
        if company.country_id.code in (False, "BR"):
            # Also what no plan knows yet is no number of a Brazilian list.
            return number_list.brazilian(text)
        return self.env["sms.message"]._normalize_phone(text, company) or None

    def _store_page(self, page, read_number):
        """Copy a page's numbers; note what is none, and the line that was reached."""
        found, refused = {}, []
        for line, cells in page:
            text = read_number(cells)
            number = self._normalize(text)
            if number:
                found[number] = None
            elif not (line == 1 and contact_file.has_header(cells)):
                refused.append((line, text or ""))
        stored = self._copy_numbers(found)
        self.write(
            {
                "failures": 0,
                "read_count": self.read_count + len(page),
                "number_count": self.number_count + stored,
                "refused_count": self.refused_count + len(refused),
                "problems": self._more_problems(refused),
            }
        )
        self.flush_recordset()

    def _more_problems(self, refused):
        known = (self.problems or "").splitlines()
        room = max(0, SHOWN_PROBLEMS - len(known))
        added = [
            self.env._("Line %(line)s: “%(text)s”", line=line, text=text[:40])
            for line, text in refused[:room]
        ]
        return "\n".join(known + added)

    def _copy_numbers(self, numbers):
        """Insert numbers by COPY; return how many the list did not have yet."""
        cr = self.env.cr
        cr.execute("CREATE TEMPORARY TABLE sms_dnd_page (number varchar)")
        cr.copy_expert(
            "COPY sms_dnd_page FROM STDIN WITH (FORMAT csv)",
            planning.as_csv((number,) for number in numbers),
        )
        cr.execute(
            "INSERT INTO sms_do_not_disturb_number (list_id, number)"
            " SELECT %s, number FROM sms_dnd_page"
            " ON CONFLICT (number, list_id) DO NOTHING",
            [self.id],
        )
        stored = cr.rowcount
        cr.execute("DROP TABLE sms_dnd_page")
        return stored

    def _come_into_force(self):
        """In one transaction this list begins and the former one of its name ends."""
        if not self.number_count:
            raise UserError(self.env._("File: it holds no phone number."))
        now = fields.Datetime.now()
        former = self.search(
            [
                ("id", "!=", self.id),
                ("name", "=ilike", self.name.replace("%", r"\%").replace("_", r"\_")),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "active"),
            ]
        )
        former.write({"state": "replaced", "replaced_at": now})
        self.write({"state": "active", "loaded_at": now, "file": False})
        self.flush_model()

    def _note_failure(self, error):
        """What always fails must not fail one job a minute for ever."""
        self.env.cr.rollback()
        self.invalidate_recordset()
        failures = self.failures + 1
        values = {"failures": failures}
        if failures >= TRIES or isinstance(error, UserError):
            reason = str(error) or type(error).__name__
            values |= {"state": "failed", "failure_reason": reason}
        self.write(values)
        self.env.cr.commit()  # pylint: disable=invalid-commit  # job allows it

    # -- the sweeper -------------------------------------------------------------------

    @api.model
    def _sweep_lists(self):
        """Wake lists that have no living job; delete the numbers of replaced ones."""
        for record in self.search([("state", "=", "reading")]):
            if not record._has_living_job("_load"):
                record._enqueue_load()
        self._delete_replaced_numbers()

    @api.model
    def _delete_replaced_numbers(self):
        """A page a minute; who looks numbers up asks for lists in force."""
        self.flush_model()
        self.env.cr.execute(
            """
            DELETE FROM sms_do_not_disturb_number WHERE id IN (
                SELECT n.id FROM sms_do_not_disturb_number n
                JOIN sms_do_not_disturb l ON l.id = n.list_id
                WHERE l.state = 'replaced' LIMIT %s)
            """,
            [SWEPT],
        )
        self.env["sms.do.not.disturb.number"].invalidate_model()


class SmsBatch(models.Model):
    """Lists are looked after by the sweeper as well."""

    _inherit = "sms.batch"

    @api.model
    def _sweep_steps(self):
        return [*super()._sweep_steps(), ("sms.do.not.disturb", "_sweep_lists")]


class QueueJob(models.Model):
    """A list's job is a wake-up call: the list says what is left to do."""

    _inherit = "queue.job"

    @api.model
    def _sms_ledger_jobs(self):
        return super()._sms_ledger_jobs() | {("sms.do.not.disturb", "_load")}
