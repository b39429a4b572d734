from odoo.addons.sms_base_sr.tests.native_case import NativeCase


class MailingCase(NativeCase):
    """A mailing of SMS Marketing to contacts of a list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contacts = cls.env["mailing.list"].create({"name": "Customers"})
        numbers = ("+5511912345678", "+5521987654321", "+5511987650000")
        for place, number in enumerate(numbers):
            cls.env["mailing.contact"].create(
                {
                    "name": f"Contact {place}",
                    "mobile": number,
                    "country_id": cls.env.ref("base.br").id,
                    "list_ids": cls.contacts.ids,
                }
            )
        cls.company.write({"sms_window_start": 0, "sms_window_end": 24})

    def new_mailing(self, **values):
        return self.env["mailing.mailing"].create(
            {
                "subject": "Offer",
                "mailing_type": "sms",
                "body_plaintext": "Oferta",
                "mailing_model_id": self.env["ir.model"]._get_id("mailing.list"),
                "contact_list_ids": self.contacts.ids,
                "sms_force_send": True,
                **values,
            }
        )

    def sent_mailing(self, **values):
        mailing = self.new_mailing(**values)
        mailing.action_send_sms()
        self.run_jobs()
        self.env.invalidate_all()
        return mailing

    def messages(self, mailing):
        return self.env["sms.message"].search([("mailing_id", "in", mailing.ids)])

    def statuses(self, mailing):
        return sorted(mailing.mailing_trace_ids.mapped("trace_status"))
