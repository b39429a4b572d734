"""Somebody whose data stands in every place."""

import base64
from datetime import datetime

from odoo import fields

from odoo.addons.sms_base_sr.tools import inbound

from .campaign_case import CampaignCase
from .campaign_model import NAME, add_campaign_model

NUMBER = "+5521987650123"
WRITTEN = "(21) 98765-0123"
PERSON = "Zulmira Inconfundível"
TEXT = "oferta irrepetível para a Zulmira"
REPLY = "quero saber mais da oferta irrepetível"


class PersonCase(CampaignCase):
    """Plants a person in every place; looks for what is left of her."""

    def setUp(self):
        super().setUp()
        self.person = self.env["res.partner"].create(
            {"name": PERSON, "phone": WRITTEN, "user_id": self.salesperson.id}
        )
        self.supervisor = self.new_user("boss", "sms_base_sr.group_sms_manager")
        self.admin = self.new_user("admin", "sms_base_sr.group_sms_admin")

    def plant(self):
        """What sending, replying and importing leave behind."""
        self.company.sms_chatter_mode = "all"
        message = self.new_message(partner_id=self.person.id, body=TEXT)
        message.action_send()
        self.run_jobs("_send_batch", "_mirror_chatter")
        self.hear(message)
        self.plant_import()
        self.plant_suppression()
        self.plant_leftovers(message)
        self.env.flush_all()
        return message

    def hear(self, message):
        """Delivered, and answered with an opt-out; then the activity is done."""
        raw = f'{{"to": "{NUMBER[3:]}", "text": "{REPLY}"}}'
        status = inbound.StatusItem(
            request_id="r1", phone=NUMBER, state="delivered", text=f"to {NUMBER}"
        )
        reply = inbound.ReplyItem(
            reply_id="1",
            text=REPLY,
            phone=NUMBER,
            message_id=message.provider_message_id,
            occurred_at=datetime(2025, 11, 21, 15, 30),
        )
        events = self.env["sms.event"]
        events._store_items(self.provider, [status, reply], "webhook", raw=raw)
        question = inbound.ReplyItem(
            reply_id="2",
            text=TEXT,
            phone=NUMBER,
            occurred_at=datetime(2025, 11, 21, 15, 20),
        )
        events._store_items(self.provider, [question], "webhook", raw=raw)
        self.run_jobs("_apply_pending", "_apply_replies")
        self.env["sms.message"].search([("body", "=", REPLY)])._opt_out()
        self.person.activity_ids[:1].action_feedback(feedback="done")

    def plant_import(self):
        add_campaign_model(self)
        campaign = self.env[NAME].create({"name": "N", "company_id": self.company.id})
        target = {"res_model": NAME, "res_id": campaign.id}
        record = self.env["sms.contact.import"].create(target)
        record.write({"sample": [[PERSON, WRITTEN]], "state": "done"})
        record.done_at = fields.Datetime.now()
        link = {"import_id": record.id}
        self.env["sms.contact.import.column"].create(
            {**link, "position": 0, "examples": PERSON}
        )
        self.env["sms.contact.import.line"].create(
            {
                **link,
                "number": 1,
                "state": "refused",
                "cells": [PERSON, WRITTEN],
                "phone": NUMBER,
            }
        )

    def plant_suppression(self):
        """A consent with its evidence, and what lists and gateways know."""
        self.consent = self.env["sms.consent"].create(
            {
                "partner_id": self.person.id,
                "phone": NUMBER,
                "source": "Form on paper",
                "evidence": f"signed by {PERSON}",
                "evidence_file": base64.b64encode(PERSON.encode()),
                "evidence_file_name": f"{PERSON}.pdf",
            }
        )
        blocked = {"reason": "gateway_blacklist", "since": fields.Datetime.now()}
        self.env["sms.gateway.block"].create(
            {"provider_id": self.provider.id, "number": NUMBER, **blocked}
        )
        listed = self.env["sms.do.not.disturb"].create({"name": "Novembro"})
        self.env["sms.do.not.disturb.number"].create(
            {"list_id": listed.id, "number": NUMBER}
        )

    def plant_leftovers(self, message):
        """What jobs, browsers, tests and core's own SMS leave."""
        self.env["queue.job"].sudo().search([("state", "=", "done")])[:1].write(
            {"result": f"Sent to {NUMBER}"}
        )
        self.env["bus.bus"].sudo().create(
            {"channel": "x", "message": f'{{"text": "SMS from {PERSON}"}}'}
        )
        self.env["sms.test.send"].create(
            {"res_model": "res.partner", "res_id": 1, "phone": WRITTEN}
        )
        self.salesperson.sms_test_phone = WRITTEN
        self.env["sms.api.campaign"].create(
            {
                "name": "By a program",
                "company_id": self.company.id,
                "domain": [["name", "=", PERSON]],
                "message_class": "service",
            }
        )
        self.env["sms.composer.campaign"].create(
            {
                "name": "To a list",
                "company_id": self.company.id,
                "res_model": "res.partner",
                "domain": [["name", "=", PERSON]],
                "message_class": "service",
                "body": f"For {PERSON}",
            }
        )
        self.env["sms.sms"].create(
            {"number": NUMBER, "body": TEXT, "state": "error", "failure_type": False}
        )
        attempt = self.env["sms.batch.attempt"].search(
            [("batch_id", "=", message.batch_id.id)]
        )
        attempt.answer = f"to {NUMBER}"
        message.batch_id.failure_reason = f"to {NUMBER}"
        self.env["sms.blacklist.sync"].create(
            {"provider_id": self.provider.id, "number": NUMBER, "blocked": True}
        )

    # -- what is left ------------------------------------------------------------------

    def tables_with(self, *words):
        """Tables in which any of some words stands, anywhere, whatever the column."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        tables = [row[0] for row in self.env.cr.fetchall()]
        patterns = [f"%{word}%" for word in words]
        found = set()
        for table in tables:
            self.env.cr.execute(
                f'SELECT 1 FROM "{table}" t WHERE t::text LIKE ANY(%s) LIMIT 1',
                [patterns],
            )
            if self.env.cr.fetchone():
                found.add(table)
        return found
