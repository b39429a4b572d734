import dataclasses
import hashlib
import logging
import time
from datetime import timedelta

import psycopg2.errors

from odoo import SUPERUSER_ID, api, fields, models

from ..tools.no_jit import NO_JIT_SQL
from ..tools.recordset import Recordset, storable
from ..tools.wakeup_window import WakeUpWindow
from .sms_provider_doors import DoorChanged

_logger = logging.getLogger(__name__)

window = WakeUpWindow(seconds=0.5)
# People wait for replies; a job for each of them would keep the runner busy.
reply_window = WakeUpWindow(seconds=0.25, margin=0.15)
STORE_TRIES = 10
# The clock that keeps the order of events: theirs may be wrong, ours is one.
SWEEP_AFTER_SECONDS = 60
# Longer ids are nobody's, and PostgreSQL would not index them.
LONGEST = 255
LONGEST_PHONE = 64


class SmsEvent(models.Model):
    """Append-only inbox: each thing that a gateway tells us, before it is applied.

    Controllers and polls insert, the event job applies. So a webhook answers at once,
    nothing is lost when we are down, and doubles or disorder change nothing.
    """

    _name = "sms.event"
    _description = "SMS event"
    _order = "id desc"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    provider_id = fields.Many2one(
        "sms.provider", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="provider_id.company_id")
    kind = fields.Selection(
        [
            ("status", "Delivery report"),
            ("reply", "Reply"),
            ("rejection", "Rejected request"),
        ],
        required=True,
        readonly=True,
    )
    source = fields.Selection(
        [("webhook", "Webhook"), ("poll", "Poll")], required=True, readonly=True
    )
    state = fields.Selection(
        [
            ("new", "Waiting"),
            ("applied", "Applied"),
            ("ignored", "Nothing to change"),
            ("unmatched", "Unmatched"),
        ],
        required=True,
        default="new",
        readonly=True,
    )
    tries = fields.Integer(readonly=True)
    message_id = fields.Many2one(
        "sms.message", readonly=True, index="btree_not_null", ondelete="set null"
    )
    body_id = fields.Many2one(
        "sms.event.body", readonly=True, index="btree_not_null", ondelete="set null"
    )
    body_raw = fields.Text(
        "As it came", related="body_id.raw", groups="sms_base_sr.group_sms_admin"
    )
    remote_address = fields.Char(
        related="body_id.remote_address", groups="sms_base_sr.group_sms_admin"
    )
    gateway_message_id = fields.Char(readonly=True)
    reference = fields.Char(readonly=True)
    request_id = fields.Char(readonly=True)
    request_reference = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    reported_state = fields.Char(readonly=True)
    failure_type = fields.Char(readonly=True)
    code = fields.Char(readonly=True)
    text = fields.Text(readonly=True)
    occurred_at = fields.Datetime(readonly=True)

    _key_unique = models.Constraint(
        "unique(provider_id, key)", "The same event is stored once."
    )
    _waiting = models.Index("(kind, id) WHERE state = 'new'")

    @api.model
    def _store_items(self, provider, items, source, **origin):
        """Insert items that are not stored yet; return {key: event id} of new ones.

        A simultaneous duplicate shows as a serialization failure in Odoo's isolation:
        roll back and insert again at once. Call it before any other write.

        :param origin: raw and remote of the body they came in; door, the version by
            which the provider was known when its caller was let in
        """
        stored = self._store_rows(provider, keyed(items), source, origin)
        return {key: event_id for key, event_id, _message_id in stored}

    @api.model
    def _receive(self, provider, items, **origin):
        """Store what a webhook brought; return what its answer names.

        That is the first item's event and the message that it speaks of, each None
        where there is none (yet).

        :raises DoorChanged: the provider is no longer what the caller was let in by
        """
        items = keyed(items)
        stored = self._store_rows(provider, items, "webhook", origin)
        if len(stored) == len(items) == 1:
            return stored[0][1:]
        return self._find_ids(provider, next(iter(items), ""))

    @api.model
    def _store_rows(self, provider, items, source, origin):
        """Insert items by their keys, and wake up who applies the new ones."""
        if not items:
            return []
        for attempt in range(1, STORE_TRIES + 1):
            try:
                stored = self._insert_items(provider.id, items, source, origin)
                break
            except psycopg2.errors.NotNullViolation as error:
                raise DoorChanged from error
            except psycopg2.errors.SerializationFailure:
                if attempt == STORE_TRIES or source == "poll":
                    raise
                self.env.cr.rollback()
        self._wake_up({items[row[0]].kind for row in stored})
        return stored

    @api.model
    def _find_ids(self, provider, key):
        """Return the ids of an event and of the message that it speaks of."""
        self.env.cr.execute(
            f"SELECT id, ({NAMED_SQL}) FROM sms_event"
            " WHERE provider_id = %s AND key = %s",
            [provider.id, key],
        )
        return self.env.cr.fetchone() or (None, None)

    def _insert_items(self, provider_id, items, source, origin):
        """Insert by one exchange with the database: each costs a webhook dearly.

        Return (key, event id, message id) of those that are new; the message is
        looked up for a single item only.
        """
        now = fields.Datetime.now()
        bodies = self.env["sms.event.body"]
        body, body_id = bodies._insert_sql(provider_id, source, **origin)
        self.env["sms.message"].flush_model()
        named = NAMED_SQL if len(items) == 1 else "NULL"
        columns = ", ".join(ITEMS.names)
        self.env.cr.execute(
            f"""
            {body}
            INSERT INTO sms_event ({columns}, provider_id, source, state, tries,
                create_date, write_date, body_id)
            SELECT {columns}, %(provider)s, %(source)s, 'new', 0, %(now)s, %(now)s,
                {body_id} FROM {ITEMS.sql}
            ON CONFLICT (provider_id, key) DO NOTHING RETURNING key, id, ({named})
            """,
            {
                "rows": ITEMS.dump(
                    (key, *item_row(item)) for key, item in items.items()
                ),
                "provider": provider_id,
                "source": source,
                "now": now,
            },
            log_exceptions=False,
        )
        stored = self.env.cr.fetchall()
        if body and not stored:
            bodies._delete_last()
        return stored

    # -- waking the jobs ---------------------------------------------------------------

    @api.model
    def _wake_up(self, kinds):
        """Have the events of some kinds applied; replies first, people wait."""
        events = self.with_user(SUPERUSER_ID)
        if "reply" in kinds:
            title = self.env._("Apply replies")
            self._wake_up_job(reply_window, events, "_apply_replies", title, 1)
        if kinds & {"status", "rejection"}:
            title = self.env._("Apply delivery reports")
            self._wake_up_job(window, events, "_apply_pending", title)

    @api.model
    def _wake_up_job(self, wake_window, records, method, description, priority=None):
        """Make one job per window, however many ask.

        Its eta lies behind the window's end, so that it sees everything that is
        committed inside. Never an identity key: that looks at an old snapshot, and a
        job that waits for its retry would swallow the wake-up.
        """
        key = (self.env.cr.dbname, method)
        delay = wake_window.claim(key, time.monotonic())
        if delay is None or self._is_awaited(records, method, wake_window):
            return
        self.env.cr.postrollback.add(lambda: wake_window.release(key))
        delayed = records.with_user(SUPERUSER_ID).with_delay(
            eta=timedelta(seconds=delay), description=description, priority=priority
        )
        getattr(delayed, method)()

    @api.model
    def _is_awaited(self, records, method, wake_window):
        """Whether a job of another process will do: each has windows of its own.

        It must start so much later that it sees what we commit, as our own would, and
        no later than our own; so one that waits for a retry does not count.
        """
        self.env.cr.execute(
            """
            SELECT 1 FROM queue_job
            WHERE state = 'pending' AND model_name = %s AND method_name = %s
              AND eta > (clock_timestamp() AT TIME ZONE 'UTC') + %s * interval '1 s'
              AND eta <= (clock_timestamp() AT TIME ZONE 'UTC') + %s * interval '1 s'
            LIMIT 1
            """,
            [
                records._name,
                method,
                wake_window.margin,
                wake_window.margin + wake_window.seconds,
            ],
        )
        return bool(self.env.cr.fetchone())

    @api.model
    def _take_advisory_lock(self, number):
        """Let one transaction at a time do a piece of work."""
        self.env.cr.execute(
            f"SELECT pg_try_advisory_xact_lock(%s), {NO_JIT_SQL}", [number]
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _sweep_events(self):
        """Wake up for events that have waited too long: a wake-up was lost."""
        self.env.cr.execute(
            """
            SELECT DISTINCT kind FROM sms_event WHERE state = 'new'
            AND create_date < (now() AT TIME ZONE 'UTC') - %s * interval '1 second'
            """,
            [SWEEP_AFTER_SECONDS],
        )
        self._wake_up({row[0] for row in self.env.cr.fetchall()})


ITEMS = Recordset(
    key="varchar",
    kind="varchar",
    gateway_message_id="varchar",
    reference="varchar",
    request_id="varchar",
    request_reference="varchar",
    phone="varchar",
    reported_state="varchar",
    failure_type="varchar",
    code="varchar",
    text="text",
    occurred_at="timestamp",
)
# The message that an event speaks of, by our reference or by the gateway's id.
NAMED_SQL = """
    SELECT m.id FROM sms_message m WHERE m.provider_id = sms_event.provider_id
    AND (m.reference = sms_event.reference
         OR m.provider_message_id = sms_event.gateway_message_id) LIMIT 1
"""


def keyed(items):
    """Return items by their keys, each once, as PostgreSQL can store them."""
    return {event_key(item): item for item in map(storable_item, items)}


def item_row(item):
    """Return an item's values in the order of the columns after the key."""
    names = ("message_id", "reference", "request_id", "request_reference", "phone")
    names += ("state", "failure_type", "code", "text", "occurred_at")
    values = [getattr(item, name, None) for name in names]
    values[:4] = [value and value[:LONGEST] for value in values[:4]]
    values[4] = values[4] and values[4][:LONGEST_PHONE]
    return (item.kind, *values)


def event_key(item):
    """Return the identity of an item; a long one shortened by a digest."""
    key = item.key
    if len(key) <= LONGEST:
        return key
    return f"{item.kind}:sha:{hashlib.sha256(key.encode()).hexdigest()}"


def storable_item(item):
    """Return the item as it can be stored: its key too is compared with what was."""
    clean = {name: storable(value) for name, value in vars(item).items()}
    return dataclasses.replace(item, **clean) if clean != vars(item) else item
