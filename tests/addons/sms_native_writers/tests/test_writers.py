from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields

from odoo.addons.sms_base_sr.tests.native_case import ANA, NativeCase


class TestWriters(NativeCase):
    """Each part of Odoo that writes SMS, in a company that has chosen our provider."""

    def template(self, model):
        return self.env["sms.template"].create(
            {
                "name": "Text",
                "model_id": self.env["ir.model"]._get_id(model),
                "body": "Lembrete",
            }
        )

    def assert_sent(self, record):
        """One SMS has left, as a message, with one note whose status is known."""
        self.run_jobs()
        self.assertEqual(self.gateway.phones, [ANA])
        self.assertFalse(self.iap)
        message = self.env["sms.message"].search([("native_uuid", "!=", False)])
        self.assertRecordValues(
            message,
            [
                {
                    "state": "sent",
                    "message_class": "service",
                    "partner_id": self.partner.id,
                    "company_id": self.company.id,
                }
            ],
        )
        notes = record.message_ids.filtered(lambda m: m.message_type == "sms")
        self.assertEqual(len(notes), 1)
        self.assertEqual(notes.notification_ids.sms_message_id, message)
        self.assertEqual(notes.notification_ids.notification_status, "pending")
        if record != self.partner:
            others = self.partner.message_ids.filtered(
                lambda m: m.message_type == "sms" and m.model == "res.partner"
            )
            self.assertFalse(others)

    def test_a_reminder_of_the_calendar(self):
        alarm = self.env["calendar.alarm"].create(
            {
                "name": "SMS",
                "alarm_type": "sms",
                "interval": "minutes",
                "duration": 30,
                "sms_template_id": self.template("calendar.event").id,
            }
        )
        start = fields.Datetime.now() + timedelta(minutes=20)
        event = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": start,
                "stop": start + timedelta(hours=1),
                "partner_ids": [Command.set(self.partner.ids)],
                "alarm_ids": [Command.set(alarm.ids)],
                "user_id": False,
            }
        )
        event._do_sms_reminder(alarm)
        self.assert_sent(event)

    def test_a_reminder_of_an_event(self):
        start = fields.Datetime.now() + timedelta(days=2)
        event = self.env["event.event"].create(
            {
                "name": "Fair",
                "date_begin": start,
                "date_end": start + timedelta(hours=4),
                "event_mail_ids": [Command.clear()],
            }
        )
        registration = self.env["event.registration"].create(
            {"event_id": event.id, "partner_id": self.partner.id, "phone": ANA}
        )
        template = self.template("event.registration")
        scheduler = self.env["event.mail"].create(
            {
                "event_id": event.id,
                "interval_type": "before_event",
                "interval_nbr": 3,
                "interval_unit": "days",
                "template_ref": f"sms.template,{template.id}",
            }
        )
        scheduler.execute()
        self.run_cron()
        self.assert_sent(registration)

    def test_a_stage_of_a_project(self):
        text = self.template("project.task").id
        stages = self.env["project.task.type"].create(
            [{"name": "New"}, {"name": "Done", "sms_template_id": text}]
        )
        project = self.env["project.project"].create(
            {"name": "Loans", "type_ids": [Command.set(stages.ids)]}
        )
        task = self.env["project.task"].create(
            {
                "name": "Contract",
                "project_id": project.id,
                "partner_id": self.partner.id,
            }
        )
        task.stage_id = stages[1]
        self.assert_sent(task)

    def test_a_delivery_from_the_warehouse(self):
        company = self.company
        company.stock_sms_confirmation_template_id = self.template("stock.picking")
        company.stock_text_confirmation = True
        company.stock_confirmation_type = "sms"
        kind = self.env["stock.picking.type"].search(
            [("code", "=", "outgoing"), ("company_id", "=", company.id)], limit=1
        )
        picking = self.env["stock.picking"].create(
            {"picking_type_id": kind.id, "partner_id": self.partner.id}
        )
        # The addon is silent in tests.
        with patch("odoo.modules.module.current_test", False):
            picking._send_confirmation_email()
        self.assert_sent(picking)

    def test_an_automation(self):
        for method in ("sms", "comment"):
            with self.subTest(method):
                self.gateway.calls.clear()
                self.env["ir.actions.server"].create(
                    {
                        "name": "SMS",
                        "model_id": self.env["ir.model"]._get_id("res.partner"),
                        "state": "sms",
                        "sms_template_id": self.template("res.partner").id,
                        "sms_method": method,
                    }
                ).with_context(
                    active_model="res.partner",
                    active_ids=self.partner.ids,
                    active_id=self.partner.id,
                ).run()
                self.run_cron()
                self.assertEqual(self.gateway.phones, [ANA])
        notes = self.partner.message_ids.filtered(lambda m: m.message_type == "sms")
        self.assertEqual(len(notes), 2)
        self.assertEqual(
            set(notes.notification_ids.mapped("notification_status")), {"pending"}
        )
