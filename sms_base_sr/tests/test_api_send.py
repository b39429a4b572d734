import json

from odoo.exceptions import AccessError, UserError

from .common import SmsCase

ANA, BIA = "+5511912345678", "+5521987654321"


class TestApiSend(SmsCase):
    """Programs send to numbers, once a reference."""

    def setUp(self):
        super().setUp()
        self.api = self.env["sms.api"].with_user(self.manager)

    def template(self, **values):
        return self.env["sms.template"].create(
            {
                "name": "Offer",
                "code": "offer",
                "message_template": "Olá {{ name }}, {{ loan.rate }}%",
                **values,
            }
        )

    def test_a_text_goes_to_each_number_by_the_way_of_all_sms(self):
        answer = self.api.send("order-1", [ANA, "(21) 98765-4321"], text="Oi {{ x }}")
        self.assertEqual(answer["counts"], {"outgoing": 2})
        self.assertFalse(answer["repeated"])
        self.run_jobs("_send_batch")
        self.assertEqual(self.gateway.phones, [ANA, BIA])
        (call,) = self.gateway.calls
        self.assertEqual({m.text for m in call.messages}, {"Oi {{ x }}"})
        (found,) = self.api.status(["order-1"])
        self.assertEqual(found["counts"], {"sent": 2})
        self.assertTrue(all(row["sent_date"] for row in found["messages"]))
        message = self.env["sms.message"].browse(found["messages"][0]["id"])
        self.assertEqual(message.partner_id, self.partner)
        self.assertEqual(message.user_id, self.manager)

    def test_answers_are_plain_json_and_fit_for_xml(self):
        answer = self.api.send("order-1", [ANA, "12"], text="Oi")
        for each in (answer, *self.api.status(["order-1", "nothing"])):
            self.assertEqual(json.loads(json.dumps(each)), each)
            self.assertNotIn("null", json.dumps(each))
            self.assertNotIn("fingerprint", each)

    def test_the_same_call_again_sends_nothing_and_answers_as_the_first(self):
        first = self.api.send("order-1", [ANA], text="Oi")
        again = self.api.send("order-1", [ANA], text="Oi")
        self.assertEqual(again, {**first, "repeated": True})
        self.run_jobs("_send_batch")
        later = self.api.send("order-1", [ANA], text="Oi")
        self.assertEqual(later["counts"], {"sent": 1})
        self.assertEqual(self.gateway.phones, [ANA])

    def test_another_content_under_the_same_reference_is_refused(self):
        self.api.send("order-1", [ANA], text="Oi")
        others = [
            {"numbers": [BIA], "text": "Oi"},
            {"numbers": [ANA], "text": "Olá"},
            {"numbers": [ANA], "text": "Oi", "message_class": "promotional"},
        ]
        for other in others:
            with self.subTest(other), self.assertRaisesRegex(UserError, "^reference:"):
                self.api.send("order-1", **other)
        self.assertEqual(self.env["sms.api.call"].search_count([]), 1)

    def test_a_call_that_failed_may_be_made_again_with_its_reference(self):
        self.provider.active = False
        with self.assertRaises(UserError):
            self.api.send("order-1", [ANA], text="Oi")
        self.provider.active = True
        self.assertFalse(self.api.send("order-1", [ANA], text="Oi")["repeated"])

    def test_who_cannot_be_texted_is_named_with_the_reason(self):
        self.env["phone.blacklist"].add(BIA)
        numbers = [ANA, BIA, "12", "", "(11) 3333-4444", "11 91234-5678"]
        answer = self.api.send("order-1", numbers, text="Oi")
        reasons = [row["failure_type"] for row in answer["messages"]]
        self.assertEqual(
            reasons,
            ["", "blacklisted", "invalid_number", "no_number", "landline", "duplicate"],
        )
        self.assertTrue(all(row["reason"] for row in answer["messages"][1:]))
        self.assertEqual(answer["messages"][1]["cost"], 0)
        blocked = self.env["sms.message"].browse(answer["messages"][1]["id"])
        self.assertTrue(blocked.suppression_source and blocked.suppression_date)

    def test_a_template_takes_values_for_all_and_for_each(self):
        self.template()
        numbers = [{"phone": ANA, "values": {"name": "Ana"}}, BIA]
        values = {"name": "cliente", "loan": {"rate": 2}}
        self.api.send("order-1", numbers, template="offer", values=values)
        self.run_jobs("_send_batch")
        texts = [m.text for call in self.gateway.calls for m in call.messages]
        self.assertEqual(texts, ["Olá Ana, 2%", "Olá cliente, 2%"])

    def test_a_template_may_name_the_company_and_the_user(self):
        self.template(message_template="{{ name }}: {{ user.company }}", code="own")
        values = {"name": "Ana"}
        answer = self.api.send("order-1", [ANA], template="own", values=values)
        message = self.env["sms.message"].browse(answer["messages"][0]["id"])
        self.assertEqual(message.body, f"Ana: {self.company.name}")

    def test_the_ending_of_promotional_sms_is_appended(self):
        self.company.sms_suffix = "Para sair, responda SAIR."
        answer = self.api.send("order-1", [ANA], text="Oi", message_class="promotional")
        message = self.env["sms.message"].browse(answer["messages"][0]["id"])
        self.assertEqual(message.body, "Oi Para sair, responda SAIR.")
        self.assertEqual(message.batch_id.message_class, "promotional")

    def test_batches_hold_one_zone_and_no_more_than_the_account_takes(self):
        self.provider.batch_size = 2
        numbers = [f"+55119{n:08d}" for n in range(80_000_000, 80_000_003)]
        answer = self.api.send("order-1", [*numbers, "+5592991234567"], text="Oi")
        ids = [row["id"] for row in answer["messages"]]
        batches = self.env["sms.message"].browse(ids).batch_id
        self.assertEqual(batches.sorted("id").mapped("message_count"), [2, 1, 1])
        self.assertEqual(len(set(batches.mapped("zone"))), 2)

    def test_errors_name_the_argument_and_the_remedy(self):
        self.template()
        cases = [
            ({"numbers": []}, "^numbers: give"),
            ({"numbers": [5]}, r"^numbers\[0\]: give"),
            ({"text": ""}, "^text: give"),
            ({"text": None, "template": "none"}, "^template: .*none"),
            ({"text": None, "template": "offer"}, "^values: .*loan.rate, name"),
            ({"message_class": "urgent"}, "^message_class: give"),
            ({"company_id": 999_999}, "^company_id:"),
            ({"company_id": "1"}, "^company_id: give"),
            ({"reference": "a b"}, "^reference: give"),
        ]
        usual = {"reference": "order-1", "numbers": [ANA], "text": "Oi"}
        for wrong, words in cases:
            with self.subTest(wrong), self.assertRaisesRegex(UserError, words):
                self.api.send(**{**usual, **wrong})
        self.assertFalse(self.env["sms.api.call"].search([]))
        self.assertFalse(self.pending_jobs("_send_batch"))

    def test_each_role_sends_what_it_may(self):
        sales = self.env["sms.api"].with_user(self.salesperson)
        nobody = self.new_user("nobody", "base.group_user")
        with self.assertRaisesRegex(AccessError, "Salesperson"):
            self.env["sms.api"].with_user(nobody).send("a", [ANA], text="Oi")
        self.assertEqual(sales.send("b", [ANA], text="Oi")["counts"], {"outgoing": 1})
        with self.assertRaisesRegex(AccessError, "^numbers: .*Campaign manager"):
            sales.send("c", [ANA, BIA], text="Oi")

    def test_a_salesperson_does_not_see_the_calls_of_others(self):
        self.api.send("theirs", [BIA], text="Oi")
        sales = self.env["sms.api"].with_user(self.salesperson)
        sales.send("own", [ANA], text="Oi")
        found = {
            row["reference"]: row["found"] for row in sales.status(["own", "theirs"])
        }
        self.assertEqual(found, {"own": True, "theirs": False})

    def test_a_reference_belongs_to_a_company(self):
        other = self.env["res.company"].create({"name": "B"})
        self.env["sms.provider"].create({"name": "B", "company_id": other.id})
        self.manager.company_ids |= other
        self.api.send("order-1", [ANA], text="Oi")
        answer = self.api.send("order-1", [ANA], text="Oi", company_id=other.id)
        self.assertFalse(answer["repeated"])
        message = self.env["sms.message"].browse(answer["messages"][0]["id"])
        self.assertEqual(message.company_id, other)
        self.assertEqual(message.provider_id.company_id, other)

    def test_a_callers_defaults_are_not_the_engines(self):
        api = self.api.with_context(default_state="sent", default_run_id=7)
        answer = api.send("order-1", [ANA], text="Oi")
        self.assertEqual(answer["counts"], {"outgoing": 1})

    def test_a_key_sends_no_more_in_an_hour_than_its_user_may(self):
        self.company.sms_hourly_single = 2
        with self.assertRaisesRegex(UserError, "within an hour"):
            self.api.send("many", [ANA, BIA, "+5531988887777"], text="Oi")
        self.api.send("few", [ANA, "12"], text="Oi")
        with self.assertRaisesRegex(UserError, "within an hour"):
            self.api.send("more", [ANA, BIA], text="Oi")
        self.assertTrue(self.api.send("few", [ANA, "12"], text="Oi")["repeated"])
        self.assertFalse(self.env["sms.api.call"].search([("reference", "=", "many")]))

    def test_old_calls_are_forgotten(self):
        self.api.send("order-1", [ANA], text="Oi")
        self.env.cr.execute(
            "UPDATE sms_api_call SET create_date = create_date - interval '181 days'"
        )
        self.env["sms.api.call"]._gc_calls()
        self.assertFalse(self.api.status(["order-1"])[0]["found"])
        self.assertEqual(self.env["sms.message"].search_count([("phone", "=", ANA)]), 1)
