from .common import SmsCase

LIMIT = 4


class ComposerCase(SmsCase):
    """The dialog *Send SMS* of a company whose SMS our provider sends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sms_native_provider_id = cls.provider
        cls.company.sms_composer_limit = LIMIT
        cls.provider.price_per_segment = 0.10
        cls.template = cls.env["sms.template"].create(
            {
                "name": "Offer",
                "applies_to": "res_partner",
                "message_template": "Ola {{ first_name }}, de {{ city }}",
            }
        )
        people = [("Bia", "Recife"), ("Caio", "Natal"), ("Davi", False)]
        cls.people = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "city": city,
                    "ref": "composer",
                    "phone": f"+551191234560{number}",
                }
                for number, (name, city) in enumerate(people)
            ]
        )

    def more_people(self, count, **values):
        """So many contacts beside, each with a number of its own."""
        return self.env["res.partner"].create(
            [
                {
                    "name": f"Eva {number}",
                    "city": "Olinda",
                    "ref": "composer",
                    "phone": f"+55119{80000000 + number}",
                    **values,
                }
                for number in range(count)
            ]
        )

    def values(self, records=None, **values):
        """What the dialog holds for some chosen records."""
        records = self.people if records is None else records
        return {
            "composition_mode": "mass",
            "res_model": records._name,
            "res_ids": repr(records.ids),
            "body": "Ola",
            **values,
        }

    def single(self, record, **values):
        """What the dialog holds for one record."""
        return {
            "composition_mode": "comment",
            "res_model": record._name,
            "res_id": record.id,
            "body": "Ola",
            **values,
        }

    def with_template(self, values, template=None):
        """The same with a template, as the dialog fills it in."""
        template = template or self.template
        return {**values, "template_id": template.id, "body": template.body}

    def review(self, values, position=None, user=None):
        """What the dialog shows."""
        composer = self.env["sms.composer"].with_user(user or self.manager)
        return composer.sms_read_review(values, position)

    def compose(self, values, user=None):
        return self.env["sms.composer"].with_user(user or self.manager).create(values)

    def counts(self, told):
        """{reason: count} of who is left out."""
        return {line["reason"]: line["count"] for line in told["excluded"]}
