from types import SimpleNamespace

from odoo import SUPERUSER_ID, api, fields, models

from ..tools import pseudonym
from .sms_message_forget import ON_ITS_WAY_SQL

PAGE = 2_000
# What one sweep does for one company and place; then the others have their turn.
PAGES = 5
LOOK_AGAIN_HOURS = 6


class SmsRetention(models.Model):
    """How far the past is anonymised: one line per company and table.

    A page is read by primary key behind the last one, so neither an index by state
    nor a scan is needed, whatever the table's size. What could not be anonymised yet
    is remembered by the lowest such id, where the next round begins. The sweeper
    alone writes it.
    """

    _name = "sms.retention"
    _description = "SMS retention"
    _order = "company_id, id"
    _rec_name = "model"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    model = fields.Char(required=True, readonly=True)
    title = fields.Char("Records", compute="_compute_title")
    cursor = fields.Integer("Done up to", readonly=True)
    skipped = fields.Integer("Waits from", readonly=True)
    anonymized = fields.Integer("Anonymised", readonly=True)
    reached = fields.Datetime("Anonymised before", readonly=True)
    looked_at = fields.Datetime("Last look", readonly=True)
    next_at = fields.Datetime("Next look", readonly=True)

    _once = models.Constraint(
        "unique(company_id, model)", "Each table is followed once per company."
    )

    def _compute_title(self):
        for line in self:
            known = line.model in self.env
            name = self.env["ir.model"]._get(line.model).name if known else False
            line.title = name or line.model

    @api.model
    def _streams(self):
        """{model: method that anonymises one page}; addons add theirs."""
        return {
            "sms.message": "_page_of_messages",
            "sms.event": "_page_of_events",
            "sms.event.body": "_page_of_bodies",
            "sms.contact.import.line": "_page_of_import_lines",
        }

    @api.model
    def _sweep_retention(self):
        """Do some pages of what is due."""
        companies = self.env["res.company"].search([("sms_keep_months", ">", 0)])
        for company in companies:
            for line in self._lines_due(company):
                line.with_user(SUPERUSER_ID)._do_pages(company._sms_keep_limit())

    @api.model
    def _lines_due(self, company):
        lines = self.search([("company_id", "=", company.id)])
        missing = set(self._streams()) - set(lines.mapped("model"))
        lines |= self.create(
            [{"company_id": company.id, "model": name} for name in sorted(missing)]
        )
        now = fields.Datetime.now()
        known = lines.filtered(lambda line: line.model in self._streams())
        return known.filtered(lambda line: not line.next_at or line.next_at <= now)

    def _do_pages(self, limit):
        """Anonymise some pages; at the end say when to look again."""
        self.ensure_one()
        page = getattr(self, self._streams()[self.model])
        self.looked_at = fields.Datetime.now()
        for _number in range(PAGES):
            last, count, skipped = page(limit)
            self.anonymized += count
            if skipped and not self.skipped:
                self.skipped = skipped
            if not last:
                self._end_of_round(limit)
                break
            self.cursor = last
        self.flush_recordset()

    def _end_of_round(self, limit):
        """All that is old enough was looked at; what waited comes first next time."""
        now = fields.Datetime.now()
        self.write(
            {
                "cursor": self.skipped - 1 if self.skipped else self.cursor,
                "skipped": 0,
                "reached": limit,
                "next_at": fields.Datetime.add(now, hours=LOOK_AGAIN_HOURS),
            }
        )

    # -- the pages ---------------------------------------------------------------------

    def _page_of_messages(self, limit):
        """Return (last id or 0, anonymised, lowest id left out)."""
        rows = self._read_page(MESSAGES_SQL)
        old = [row for row in rows if row.created < limit]
        mine = [row for row in old if row.mine and not row.done]
        # Sent long after it was planned, or not yet: its time has not come.
        waiting = [r.id for r in mine if r.waits or (r.sent and r.sent >= limit)]
        wanted = {row.id: row.phone for row in mine if row.id not in set(waiting)}
        if wanted:
            tokens = self._tokens({phone for phone in wanted.values() if phone})
            messages = self.env["sms.message"]
            messages._forget(list(wanted), tokens, self.company_id, limit)
        return self._page_result(rows, old, len(wanted), waiting)

    def _page_of_events(self, limit):
        """Events of no message: the others went with theirs."""
        return self._plain_page(limit, EVENTS_SQL, FORGET_EVENTS_SQL)

    def _page_of_bodies(self, limit):
        return self._plain_page(limit, BODIES_SQL, FORGET_BODIES_SQL)

    def _page_of_import_lines(self, limit):
        return self._plain_page(limit, LINES_SQL, FORGET_LINES_SQL)

    def _plain_page(self, limit, select, update):
        """A page of rows that nothing hangs on."""
        rows = self._read_page(select)
        old = [row for row in rows if row.created < limit]
        ids = [row.id for row in old if row.mine]
        if ids:
            self.env.cr.execute(update, {"ids": ids})
            self.env.invalidate_all()
        return self._page_result(rows, old, len(ids), [])

    def _read_page(self, select):
        self.env.flush_all()
        values = {"cursor": self.cursor, "company": self.company_id.id, "page": PAGE}
        self.env.cr.execute(select, values)
        names = [column.name for column in self.env.cr.description]
        rows = self.env.cr.fetchall()
        return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows]

    def _page_result(self, rows, old, count, waiting):
        """A round ends with the first row that is young, or where there is none."""
        ended = len(old) < len(rows) or not rows
        last = 0 if ended else rows[-1].id
        if ended and old:
            self.cursor = old[-1].id
        return last, count, min(waiting, default=0)

    @api.model
    def _tokens(self, numbers):
        """{number: pseudonym}: the same one for the same number on every page."""
        box = self.env["sms.secret.mixin"]._secret_box()
        return {
            number: number
            if pseudonym.is_pseudonym(number)
            else pseudonym.by_fingerprint(box.fingerprint(number))
            for number in numbers
        }


# A page is a stretch of ids, whosever they are: so it is bounded for everybody.
MESSAGES_SQL = f"""
    SELECT m.id, m.phone, m.anonymized_at IS NOT NULL AS done,
           {ON_ITS_WAY_SQL} AS waits,
           COALESCE(m.create_date, m.sent_date, '1970-01-01') AS created,
           m.sent_date AS sent, m.company_id = %(company)s AS mine
    FROM (SELECT * FROM sms_message WHERE id > %(cursor)s
          ORDER BY id LIMIT %(page)s) m
    LEFT JOIN sms_run r ON r.id = m.run_id
    LEFT JOIN sms_batch b ON b.id = m.batch_id
    ORDER BY m.id
"""
EVENTS_SQL = """
    SELECT e.id, e.create_date AS created, p.company_id = %(company)s AS mine
    FROM (SELECT * FROM sms_event WHERE id > %(cursor)s
          ORDER BY id LIMIT %(page)s) e
    JOIN sms_provider p ON p.id = e.provider_id ORDER BY e.id
"""
FORGET_EVENTS_SQL = """
    UPDATE sms_event SET phone = NULL, text = NULL,
        key = CASE WHEN key LIKE 'status:%%/%%' THEN 'forgotten:' || id ELSE key END
    WHERE id = ANY(%(ids)s) AND message_id IS NULL
"""
BODIES_SQL = EVENTS_SQL.replace("sms_event", "sms_event_body")
FORGET_BODIES_SQL = "UPDATE sms_event_body SET raw = '{}' WHERE id = ANY(%(ids)s)"
LINES_SQL = """
    SELECT l.id, COALESCE(i.done_at, now() AT TIME ZONE 'UTC') AS created,
           i.company_id = %(company)s AS mine
    FROM (SELECT * FROM sms_contact_import_line WHERE id > %(cursor)s
          ORDER BY id LIMIT %(page)s) l
    JOIN sms_contact_import i ON i.id = l.import_id ORDER BY l.id
"""
FORGET_LINES_SQL = """
    UPDATE sms_contact_import_line SET cells = NULL, phone = NULL, detail = NULL
    WHERE id = ANY(%(ids)s)
"""


class SmsBatch(models.Model):
    """The sweeper applies the periods, and goes on with erasures."""

    _inherit = "sms.batch"

    @api.model
    def _sweep_steps(self):
        return [
            *super()._sweep_steps(),
            ("sms.erasure", "_sweep_erasures"),
            ("sms.retention", "_sweep_retention"),
        ]
