"""``python -m tests.bench growth``: bytes, not seconds, for ``docs/SCALING.md``.

What one SMS costs the database from plan to delivery report, what a million of them
keep on the disk, and how many jobs a second the job runner starts. Sizes and bytes are
the same on a busy machine as on an idle one; only the jobs' figure is not.
"""

from dataclasses import dataclass

from dev.paths import ROOT
from tests.demo import campaign
from tests.demo.json2 import Json2

from . import screens_fill
from .load import post_all
from .stage import Stage

TABLES = (
    "sms_message",
    "sms_event",
    "sms_event_body",
    "sms_batch",
    "sms_batch_attempt",
    "sms_batch_stat",
    "queue_job",
    "mail_message",
    "mail_notification",
    "contacts_realcred_batch",
)
JOBS_SCRIPT = ROOT / "tests" / "bench" / "growth_jobs.py"
SIZES = """
    SELECT pg_relation_size(c.oid), pg_indexes_size(c.oid),
           pg_total_relation_size(c.oid)
    FROM pg_class c WHERE c.oid = %s::regclass
"""
INDEXES = """
    SELECT c.relname, pg_relation_size(c.oid) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = %s::regclass ORDER BY 2 DESC
"""
WAL = """
    SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0'), wal_fpi, wal_records
    FROM pg_stat_wal
"""
# One delivery report for each SMS, each in a request of its own: the dearest shape.
BODIES = """
    INSERT INTO sms_event_body (provider_id, source, raw, remote_address, create_date)
    SELECT provider_id, 'webhook', json_build_object('id', provider_job_id,
        'reference', NULL, 'messages', json_build_array(json_build_object(
            'id', provider_message_id, 'reference', reference, 'status_code', 3,
            'status', 'entregue')))::text, '198.51.100.7', create_date
    FROM sms_message WHERE direction = 'outgoing' AND run_id IS NOT NULL ORDER BY id
"""
EVENTS = """
    INSERT INTO sms_event (key, provider_id, kind, source, state, tries, message_id,
        body_id, gateway_message_id, reference, request_id, reported_state, code,
        create_date, write_date)
    SELECT 'status:' || m.provider_message_id || ':3',
        m.provider_id, 'status', 'webhook', 'applied', 1, m.id,
        first.id + row_number() OVER (ORDER BY m.id) - 1, m.provider_message_id,
        m.reference, m.provider_job_id, 'delivered', '3', m.create_date, m.create_date
    FROM sms_message m, (SELECT min(id) AS id FROM sms_event_body) first
    WHERE m.direction = 'outgoing' AND m.run_id IS NOT NULL ORDER BY m.id
"""
JOBS = """
    SELECT count(*), EXTRACT(EPOCH FROM max(date_done) - min(date_enqueued))
    FROM queue_job WHERE method_name = '_test_job' AND state = 'done'
"""


@dataclass
class Sizes:
    """How much of everything."""

    campaign: int = 10_000
    messages: int = 1_000_000
    campaigns: int = 1000
    campaign_size: int = 100
    jobs: int = 600
    fillfactor: int = 100
    notes: int = 1


class Growth:
    """Measures one campaign as it goes, then a database of a million."""

    def __init__(self, stage: Stage, sizes: Sizes):
        self.stage, self.sizes = stage, sizes
        self.figures: dict[str, object] = {}

    def run(self) -> dict:
        """Run all parts; print what is found on the way."""
        if self.sizes.jobs:
            self.jobs_a_second()
        if self.sizes.campaign:
            self.one_campaign()
        return self.figures

    def say(self, name: str, value) -> None:
        self.figures[name] = value
        print(f"  {name}: {value}", flush=True)

    # -- the job runner ----------------------------------------------------------------

    def jobs_a_second(self) -> None:
        """Jobs that do nothing: what the runner, HTTP and the job's frame cost."""
        stage, number = self.stage, self.sizes.jobs
        stage.sql("DELETE FROM queue_job")
        for _part in range(number // 100):
            stage.stack.shell(JOBS_SCRIPT)
        done = "SELECT count(*) FROM queue_job WHERE state = 'done'"
        before = stage.count(done)
        stage.sql(
            "UPDATE queue_job SET eta = NULL WHERE method_name = '_test_job'"
            " AND state = 'pending'"
        )
        total = stage.count(
            "SELECT count(*) FROM queue_job WHERE method_name = '_test_job'"
        )
        stage.wait(lambda: stage.count(done) - before >= total)
        [[count, seconds]] = stage.sql(JOBS)
        self.say("jobs_per_second", round(count / float(seconds), 1))

    # -- a campaign --------------------------------------------------------------------

    def one_campaign(self) -> None:
        """Bytes of WAL for each SMS, by phase, and how many updates were HOT."""
        stage, number = self.stage, self.sizes.campaign
        stage.sql(f"ALTER TABLE sms_message SET (fillfactor = {self.sizes.fillfactor})")
        mode = "all" if self.sizes.notes else "none"
        stage.sql("UPDATE res_company SET sms_chatter_mode = %s", mode)
        before = self.wal()
        sent = stage.send(number)
        self.settled("n_tup_upd", number)
        before = self.told("sent", before, number)
        self.updates("sent")
        post_all(stage.webhook(), [message.status_body(3) for message in sent])
        applied = "SELECT count(*) FROM sms_message WHERE state = 'delivered'"
        stage.wait(lambda: stage.count(applied) == number)
        stage.wait(stage.at_rest)
        self.settled("n_tup_upd", 2 * number)
        self.told("reported", before, number)
        self.updates("reported")
        self.sizes_of("campaign", TABLES)

    def wal(self) -> tuple[int, int, int]:
        """Bytes written to the log, whole pages and records among them."""
        return tuple(int(value) for value in self.stage.sql(WAL)[0])

    def told(self, phase: str, before, number: int):
        now = self.wal()
        self.say(f"wal_bytes_per_sms_{phase}", round((now[0] - before[0]) / number))
        self.say(f"wal_full_pages_{phase}", now[1] - before[1])
        return now

    def settled(self, column: str, number: int) -> None:
        """Wait until the statistics have come in, which they do a little later."""
        query = f"SELECT {column} FROM pg_stat_user_tables WHERE relname = %s"
        self.stage.wait(lambda: self.stage.count(query, "sms_message") >= number)

    def updates(self, phase: str) -> None:
        query = (
            "SELECT n_tup_ins, n_tup_upd, n_tup_hot_upd, n_dead_tup"
            " FROM pg_stat_user_tables WHERE relname = %s"
        )
        for table in ("sms_message", "sms_event", "queue_job"):
            [row] = self.stage.sql(query, table)
            names = ("inserted", "updated", "hot", "dead")
            self.say(f"{table}_{phase}", dict(zip(names, row, strict=True)))

    # -- a million ---------------------------------------------------------------------

    def a_million(self) -> dict:
        """Sizes of the tables with a million messages, freshly written."""
        stage = self.stage
        keys = stage.stack.keys()["keys"]
        manager = Json2(stage.stack.url, keys["manager"], stage.stack.name)
        big = campaign.import_contacts(manager, "Big", [], "realcred_margem")
        screens_fill.fill(stage, big, self.sizes)
        for statement in (BODIES, EVENTS):
            stage.sql(statement)
        stage.sql("VACUUM ANALYZE sms_event")
        stage.sql("VACUUM ANALYZE sms_event_body")
        self.sizes_of("million", TABLES)
        for table in ("sms_message", "sms_event"):
            self.say(f"indexes_{table}", dict(stage.sql(INDEXES, table)))
        return self.figures

    def sizes_of(self, name: str, tables: tuple[str, ...]) -> None:
        for table in tables:
            heap, indexes, total = self.stage.sql(SIZES, table)[0]
            rows = self.stage.count(f"SELECT count(*) FROM {table}")
            found = {"rows": rows, "heap": heap, "indexes": indexes, "total": total}
            if rows:
                found["bytes_per_row"] = round(total / rows)
            self.say(f"{name}_{table}", found)


def growth_bench(workers: int, sizes: Sizes) -> dict:
    """Measure both, each on a database of its own."""
    figures = {}
    for part in ("run", "a_million"):
        if part == "a_million" and not sizes.messages:
            continue
        stage = Stage(workers, "bench_growth")
        try:
            stage.start()
            figures |= getattr(Growth(stage, sizes), part)()
        finally:
            stage.stop()
    return figures
