from odoo.tests import Form

from .common import SmsCase


class TestTemplateForm(SmsCase):
    """One text box a template: ours, or core's for what core itself sends."""

    def test_a_reminder_of_odoos_has_odoos_box_alone(self):
        reminder = self.env["sms.template"].create(
            {
                "name": "Reminder",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "body": "See you, {{ object.name }}",
            }
        )
        form = Form(reminder)
        form.body = "See you soon, {{ object.name }}"
        with self.assertRaises(AssertionError):
            form.message_template = "Olá {{ name }}"
        form.save()
        self.assertEqual(reminder.body, "See you soon, {{ object.name }}")

    def test_a_new_template_is_written_in_ours(self):
        form = Form(self.env["sms.template"])
        form.name = "Oferta"
        form.message_template = "Olá {{ name }}"
        with self.assertRaises(AssertionError):
            form.body = "Olá {{ object.name }}"
        self.assertEqual(form.save().message_template, "Olá {{ name }}")

    def test_our_box_stays_while_it_is_written_anew(self):
        template = self.env["sms.template"].create(
            {"name": "Oferta", "message_template": "Olá {{ name }}"}
        )
        form = Form(template)
        form.message_template = ""
        form.message_template = "Oi {{ name }}"
        form.save()
        self.assertEqual(template.message_template, "Oi {{ name }}")
