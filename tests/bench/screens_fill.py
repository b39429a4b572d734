"""A database as after months of campaigns, made by SQL in a minute or two.

One finished campaign of a million, its contacts, batches and replies; a thousand small
ones; customers with a history; jobs and imports. The counters are made by the real job.
"""

import time

from dev import server

from .stage import Stage

BATCH = 1000
SALESPEOPLE = 10
HISTORY = 200

# The rows are consistent by construction; a million checks would prove nothing.
QUICKLY = "SET session_replication_role = replica; SET work_mem = '256MB'"
PARTNERS = """
    INSERT INTO res_partner (name, complete_name, phone, phone_sanitized, active,
        type, lang, user_id, create_date, write_date)
    SELECT 'Pessoa ' || n, 'Pessoa ' || n, p, p, TRUE, 'contact', 'en_US',
        (%(users)s::int[])[1 + n %% %(salespeople)s], now(), now()
    FROM generate_series(1, %(partners)s) n, LATERAL (
        SELECT '+55119' || lpad((n * 10)::text, 8, '0') AS p) numbers
    ORDER BY n RETURNING id
"""
CAMPAIGNS = """
    INSERT INTO contacts_realcred_campaign (name_campaign, state_sms, sms_template_id,
        company_id, user_id, sms_message_class, create_uid, write_uid,
        create_date, write_date)
    SELECT 'Small ' || n, 'finished', sms_template_id, company_id, user_id,
        sms_message_class, create_uid, write_uid,
        now() - n * interval '1 hour', now() - n * interval '1 hour'
    FROM contacts_realcred_campaign, generate_series(1, %(campaigns)s) n
    WHERE id = %(big)s
"""
CONTACTS = """
    INSERT INTO contacts_realcred_batch (name, cpf, telefone1, sms_phone, vi_rmi,
        updated_limit, campaing_id, cpf_id, create_date, write_date)
    SELECT 'Pessoa ' || n, lpad(n::text, 11, '0'), p, p, 1000, TRUE, %(big)s,
        CASE WHEN n %% 10 = 0 THEN %(partner)s + n / 10 - 1 END, now(), now()
    FROM generate_series(1, %(messages)s) n, LATERAL (
        SELECT '+55119' || lpad(n::text, 8, '0') AS p) numbers
"""
RUNS = """
    INSERT INTO sms_run (name, res_model, res_id, company_id, provider_id,
        template_id, text, message_class, user_id, state, planned_at, started_at,
        done_at, recipient_count, planned_count, planned_segments, planned_cost,
        excluded_counts, plan_cursor, create_date, write_date, create_uid, write_uid)
    SELECT c.name_campaign, 'contacts.realcred.campaign', c.id, c.company_id,
        %(provider)s, c.sms_template_id, 'Oi {{ name }}', 'service', c.user_id, 'done',
        c.create_date, c.create_date, c.create_date + interval '1 hour',
        s.n, s.n, s.n, s.n * 0.1, '{}',
        (SELECT max(id) FROM contacts_realcred_batch), c.create_date, c.create_date,
        c.create_uid, c.create_uid
    FROM contacts_realcred_campaign c, LATERAL (SELECT CASE WHEN c.id = %(big)s
        THEN %(messages)s ELSE %(size)s END AS n) s
    WHERE c.sms_run_id IS NULL AND (c.id = %(big)s OR c.name_campaign LIKE 'Small %%')
    ORDER BY c.id
"""
LINKS = """
    UPDATE contacts_realcred_campaign c SET sms_run_id = r.id, state_sms = 'finished'
    FROM sms_run r WHERE r.res_id = c.id
"""
BATCHES = """
    INSERT INTO sms_batch (run_id, company_id, provider_id, reference, message_class,
        zone, state, message_count, attempt, tries, sent_date, attempt_reference,
        provider_job_id, filling, create_date, write_date)
    SELECT r.id, r.company_id, r.provider_id, gen_random_uuid(), 'service',
        'America/Sao_Paulo', 'sent',
        LEAST(%(batch)s, r.recipient_count - (n - 1) * %(batch)s), 1, 0, r.started_at,
        gen_random_uuid(), gen_random_uuid(), FALSE, r.create_date, r.create_date
    FROM sms_run r, LATERAL generate_series(
        1, ceil(r.recipient_count / %(batch)s::float)::int) n
    ORDER BY r.id, n
"""
# One in ten has a contact; the salespeople take turns; 88 % are delivered.
MESSAGES = """
    INSERT INTO sms_message (reference, direction, state, failure_type, phone, body,
        company_id, provider_id, message_class, run_id, campaign_id, batch_id,
        source_id, partner_id, user_id, dedupe_key, char_count, sms_count, cost,
        provider_message_id, provider_job_id, sent_date, delivered_date,
        create_date, write_date, create_uid, write_uid)
    SELECT gen_random_uuid(), 'outgoing', s.state,
        CASE s.state WHEN 'error' THEN 'not_delivered' WHEN 'rejected' THEN 'rejected'
            END, p.phone, 'Oi Pessoa ' || n || ', a sua margem foi atualizada. '
            || 'Quer saber mais? Responda SIM. Para sair, responda SAIR.',
        r.company_id, r.provider_id, 'service', r.id, r.res_id,
        b.id + (n - 1) / %(batch)s, n,
        CASE WHEN n %% 10 = 0 THEN %(partner)s + n / 10 - 1 END,
        (%(users)s::int[])[1 + n %% %(salespeople)s], p.phone, 96, 1, 0.1,
        gen_random_uuid(), gen_random_uuid(), r.started_at,
        CASE WHEN s.state = 'delivered' THEN r.started_at END, r.create_date,
        r.create_date, r.create_uid, r.create_uid
    FROM sms_run r,
        LATERAL (SELECT min(id) AS id FROM sms_batch WHERE run_id = r.id) b,
        LATERAL generate_series(1, r.recipient_count) n,
        LATERAL (SELECT '+55119' || lpad(n::text, 8, '0') AS phone) p,
        LATERAL (SELECT CASE WHEN n %% 100 < 88 THEN 'delivered'
            WHEN n %% 100 < 93 THEN 'error' WHEN n %% 100 < 96 THEN 'rejected'
            WHEN n %% 100 < 99 THEN 'expired' ELSE 'sent' END AS state) s
    WHERE r.state = 'done' ORDER BY r.id, n
"""
# Every twentieth customer: half of the replies wait.
REPLIES = """
    INSERT INTO sms_message (reference, direction, state, phone, body, company_id,
        provider_id, message_class, run_id, campaign_id, parent_id, partner_id, user_id,
        reply_class, needs_answer, answered_date, answered_by_id, answer_kind,
        char_count, sms_count, cost, sent_date, create_date, write_date)
    SELECT gen_random_uuid(), 'incoming', 'delivered', m.phone, 'SIM QUERO',
        m.company_id, m.provider_id, 'service', m.run_id, m.campaign_id, m.id,
        m.partner_id, m.user_id, CASE WHEN m.source_id %% 100 = 0 THEN 'opt_out'
            ELSE 'interested' END,
        m.source_id %% 40 = 20, CASE WHEN m.source_id %% 40 = 20 THEN NULL
            ELSE m.sent_date + interval '20 min' END,
        CASE WHEN m.source_id %% 40 = 20 THEN NULL ELSE m.user_id END,
        CASE WHEN m.source_id %% 40 = 20 THEN NULL ELSE 'other' END, 9, 1, 0,
        m.sent_date + interval '10 min', m.create_date, m.write_date
    FROM sms_message m
    WHERE m.direction = 'outgoing' AND m.source_id %% 20 = 0 ORDER BY m.id
"""
# One customer of years: single SMS and as many answers.
ONE_HISTORY = """
    INSERT INTO sms_message (reference, direction, state, phone, body, company_id,
        provider_id, message_class, partner_id, user_id, char_count, sms_count, cost,
        sent_date, create_date, write_date)
    SELECT gen_random_uuid(), CASE n %% 2 WHEN 0 THEN 'incoming' ELSE 'outgoing' END,
        'delivered', p.phone, 'Mensagem ' || n, %(company)s, %(provider)s, 'service',
        p.id, p.user_id, 12, 1, 0.1, now() - n * interval '1 day',
        now() - n * interval '1 day', now()
    FROM res_partner p, generate_series(1, %(history)s) n WHERE p.id = %(partner)s
"""
JOBS = """
    INSERT INTO queue_job (uuid, name, model_name, method_name, func_string, state,
        channel, records, args, kwargs, user_id, company_id, priority, retry,
        max_retries, date_created, date_started, date_done, exec_time, job_function_id)
    SELECT gen_random_uuid(), 'Send 1,000 SMS: Small ' || n, 'sms.batch', '_send_batch',
        'sms.batch(' || n || ',)._send_batch()', 'done', 'root.sms.send',
        to_jsonb('{"_type": "odoo_recordset", "model": "sms.batch", "ids": [1],'
            || ' "uid": 1, "su": true}'), '[]', '{}', 1, %(company)s, 10, 1, 6,
        now(), now(), now(), 0.4, (SELECT id FROM queue_job_function
            WHERE name = '<sms.batch>._send_batch')
    FROM generate_series(1, %(jobs)s) n
"""
IMPORTS = """
    INSERT INTO sms_contact_import (res_model, res_id, company_id, user_id, line_count,
        imported_count, refused_count, file_name, state, create_date, write_date,
        started_at, done_at)
    SELECT 'contacts.realcred.campaign', c.id, c.company_id, c.user_id, 100, 95, 5,
        'clientes.csv', 'done', c.create_date, c.create_date, c.create_date,
        c.create_date
    FROM contacts_realcred_campaign c WHERE c.name_campaign LIKE 'Small %'
    ORDER BY c.id LIMIT 200
"""
TOUCHES = (
    "INSERT INTO sms_batch_touch (batch_id) SELECT id FROM sms_batch",
    "INSERT INTO sms_run_touch (run_id) SELECT id FROM sms_run",
)
UNCOUNTED = """
    SELECT (SELECT count(*) FROM sms_batch_touch) + (SELECT count(*) FROM sms_run_touch)
"""
SWEEP_NOW = """
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT res_id, now() AT TIME ZONE 'UTC' FROM ir_model_data
    WHERE module = 'sms_base_sr' AND name = 'ir_cron_sweep';
    NOTIFY cron_trigger
"""
TABLES = (
    "res_partner",
    "contacts_realcred_campaign",
    "contacts_realcred_batch",
    "sms_run",
    "sms_batch",
    "sms_message",
    "queue_job",
    "sms_batch_stat",
)


def fill(stage: Stage, big: int, sizes) -> dict:
    """Fill the database around one campaign; return the ids that screens need."""
    [provider, company] = stage.sql("SELECT id, company_id FROM sms_provider")[0]
    values = {
        "big": big,
        "messages": sizes.messages,
        "campaigns": sizes.campaigns,
        "size": sizes.campaign_size,
        "partners": max(1, sizes.messages // 10),
        "jobs": max(1, sizes.messages // 200),
        "provider": provider,
        "company": company,
        "batch": BATCH,
        "users": salespeople(stage),
        "salespeople": SALESPEOPLE,
        "history": HISTORY,
    }
    connection = stage.connect()
    try:
        with connection.cursor() as cursor:
            cursor.execute(QUICKLY)
            cursor.execute(PARTNERS, values)
            values["partner"] = cursor.fetchone()[0]
            for statement in (CAMPAIGNS, CONTACTS, RUNS, LINKS, BATCHES, MESSAGES):
                cursor.execute(statement, values)
            for statement in (REPLIES, ONE_HISTORY, JOBS):
                cursor.execute(statement, values)
            cursor.execute(IMPORTS)
    finally:
        connection.close()
    count(stage)
    for table in TABLES:
        stage.sql(f"VACUUM ANALYZE {table}")
    return values


def salespeople(stage: Stage) -> list[int]:
    """The demo's salesperson and colleagues, who exist in the tables only."""
    [first] = stage.sql("SELECT id FROM res_users WHERE login = 'salesperson'")[0]
    [second] = stage.sql("SELECT id FROM res_users WHERE login = 'manager'")[0]
    return [first, *[second] * (SALESPEOPLE - 1)]


def count(stage: Stage) -> None:
    """Have the counters' job count everything."""
    for statement in TOUCHES:
        stage.sql(statement)
    looked = 0.0

    def counted() -> bool:
        nonlocal looked
        if time.monotonic() > looked + 5:
            looked = time.monotonic()
            server.sql(stage.stack.server, SWEEP_NOW, stage.stack.name)
        return not stage.count(UNCOUNTED)

    stage.wait(counted, 600)
