import csv
import io
import json
import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from odoo.addons.sms_base_sr.tools import inbound

from .common import SmsHttpCase
from .person_case import NUMBER, PERSON, REPLY, TEXT, WRITTEN, PersonCase

# Names of columns that hold, or may hold, something about a person.
PERSONAL = re.compile(
    r"phone|number$|numbers|^body$|^text$|^raw$|cells|sample|examples|cpf|^note$"
    r"|_text$|recipient|excerpt|partner"
)
# Sounds like it, and is not: with the reason.
NOT_PERSONAL = {
    "sms.approval.text": "the template's text, as it was approved",
    "sms.run.text": "the template's text, before anybody's values",
    "sms.run.text_b": "the same, of the second text",
    "sms.contact.import.line.number": "the line's number in the file",
    "sms.webhook.refusal.excerpt": "numbers are masked before it is stored",
    "sms.person.lookup.partner_ids": "no column; goes with the question",
    "sms.assign.contact.partner_id": "a dialog's choice, deleted by Odoo",
    "sms.erasure.numbers": "blanked when the erasure is done",
    "sms.erasure.partners": "blanked when the erasure is done",
    "sms.erasure.erase_partners": "yes or no",
    "sms.provider.sample_url": "the address of a gateway for tests",
    "sms.provider.sample_key_sealed": "its key",
    "sms.provider.kolmeya_balance_text": "the account's balance",
}
OUR_TABLES = {"phone_blacklist", "sms_blacklist_sync"}


class TestPerson(PersonCase):
    """What do we hold on this person? Complete, by one list of places."""

    def ask(self, **values):
        lookup = self.env["sms.person.lookup"].with_user(self.supervisor)
        lookup = lookup.create(values)
        lookup.action_look()
        return lookup

    def places(self, lookup):
        return {place.model: rows for place, rows in lookup._data()}

    def test_every_place_finds_the_person(self):
        self.plant()
        found = self.places(self.ask(partner_ids=self.person.ids))
        known = {place.model for place in self.env["sms.person"]._places()}
        # These have a test of their own.
        others = {"acrux", "contacts.realcred", "sms.chatroom", "sms.person.lookup"}
        others |= {"crm", "link", "mailing"}
        expected = {
            m
            for m in known
            if not m.startswith(tuple(others)) and m != "mail.tracking.value"
        }
        # Blacklisted now: what the gateways know of it belongs to the blacklist.
        self.assertEqual(expected - set(found), {"sms.blacklist.sync"})

    def test_no_table_holds_the_person_that_the_report_does_not_know(self):
        self.plant()
        lookup = self.ask(partner_ids=self.person.ids)
        known = {p.table for p in self.env["sms.person"]._places()}
        tables = self.tables_with(NUMBER[3:], WRITTEN, PERSON, TEXT, REPLY)
        self.assertEqual(tables - known, {"res_partner"})
        self.assertTrue(lookup.summary)

    def test_columns_that_sound_personal_are_in_the_list(self):
        """A new model or column is declared, or it is said why not."""
        covered = {
            f"{place.model}.{name}"
            for place in self.env["sms.person"]._places()
            for name in place.shown
        }
        covered |= {f"{p.model}.partner_id" for p in self.env["sms.person"]._places()}
        unknown = self.personal_columns() - covered - set(NOT_PERSONAL)
        self.assertFalse(unknown, "add a Place, or say why not")

    def personal_columns(self):
        """Stored columns of our own models by their names."""
        return {
            str(field)
            for name, model in self.env.registry.items()
            if model._original_module == "sms_base_sr"
            and not model._abstract
            and model._auto
            for field in model._fields.values()
            if field.store
            and field.type in ("char", "text", "html", "json", "many2one", "many2many")
            and not (field.type == "many2one" and field.comodel_name != "res.partner")
            and PERSONAL.search(field.name)
        }

    def test_somebody_without_contact_is_found_by_number(self):
        self.new_message(partner_id=False, phone="+5511955554444", body="Oi")
        lookup = self.ask(phone="11 95555-4444")
        found = self.places(lookup)
        self.assertEqual([m["body"] for m in found["sms.message"]], ["Oi"])
        self.assertFalse(lookup.partner_ids)

    def test_a_number_proposes_the_contacts_who_have_or_had_it(self):
        former = self.env["res.partner"].create({"name": "Beto", "phone": False})
        self.new_message(partner_id=former.id, phone=NUMBER)
        lookup = self.ask(phone=WRITTEN)
        self.assertEqual(lookup.partner_ids, self.person | former)

    def test_who_shares_a_number_keeps_his_messages_to_himself(self):
        other = self.env["res.partner"].create({"name": "Irmão", "phone": WRITTEN})
        self.new_message(partner_id=other.id, phone=NUMBER, body="dele")
        self.new_message(partner_id=self.person.id, phone=NUMBER, body="dela")
        found = self.places(self.ask(partner_ids=self.person.ids))
        self.assertEqual([m["body"] for m in found["sms.message"]], ["dela"])

    def test_a_number_that_the_contact_had_before_is_looked_for_too(self):
        self.new_message(partner_id=self.person.id, phone="+5511955554444")
        self.new_message(partner_id=False, phone="+5511955554444", body="antes")
        found = self.places(self.ask(partner_ids=self.person.ids))
        self.assertIn("antes", [m["body"] for m in found["sms.message"]])

    def test_nothing_of_another_company_is_told(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.new_message(phone=NUMBER, partner_id=False, company_id=company.id)
        self.assertNotIn("sms.message", self.places(self.ask(phone=NUMBER)))
        with self.assertRaises(AccessError):
            self.ask(phone=NUMBER, company_id=company.id)

    def test_only_supervisors_ask(self):
        for user in (self.salesperson, self.manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.person.with_user(user).action_sms_personal_data()
        action = self.person.with_user(self.supervisor).action_sms_personal_data()
        self.assertEqual(action["res_model"], "sms.person.lookup")

    def test_what_is_no_number_is_said(self):
        with self.assertRaisesRegex(UserError, "no phone number"):
            self.ask(phone="abc")
        with self.assertRaisesRegex(UserError, "Enter a number"):
            self.ask()

    def test_the_form_shows_names_of_places_and_texts(self):
        self.plant()
        lookup = self.ask(partner_ids=self.person.ids)
        form = Form(lookup)
        self.assertIn("SMS message", form.found)
        self.assertIn(TEXT, form.found)

    def test_what_customers_write_is_no_markup(self):
        self.new_message(partner_id=self.person.id, body="<script>alert(1)</script>")
        lookup = self.ask(partner_ids=self.person.ids)
        self.assertNotIn("<script>", lookup.found)

    def test_of_what_tells_of_several_only_the_own_part_is_shown(self):
        """A webhook's body holds a whole batch: the others are no business of hers."""
        other = "11955554444"
        message = self.new_message(partner_id=self.person.id, body=TEXT)
        told = [
            {"reference": message.reference, "status_code": 3},
            {"phone": other, "text": "sou outra pessoa"},
        ]
        event = inbound.StatusItem(
            request_id="r7", phone=NUMBER, state="delivered", reference=None
        )
        self.env["sms.event"]._store_items(
            self.provider, [event], "webhook", raw=json.dumps({"messages": told})
        )
        message.flush_recordset()
        self.env["sms.event"].search([("phone", "=", NUMBER)]).message_id = message
        lookup = self.ask(partner_ids=self.person.ids)
        [body] = self.places(lookup)["sms.event.body"]
        self.assertEqual(json.loads(body["raw"]), {"messages": told[:1]})
        self.assertNotIn(other, lookup.found)

    def test_values_are_in_words_and_in_the_users_time(self):
        self.supervisor.tz = "America/Sao_Paulo"
        message = self.new_message(partner_id=self.person.id, body=TEXT)
        message.write({"sent_date": "2025-11-21 15:30:00", "cost": 0.1})
        found = self.ask(partner_ids=self.person.ids).found
        for text in (PERSON, "12:30", "Outgoing", "0.10"):
            with self.subTest(text):
                self.assertIn(f"{text}</td>" if text == "0.10" else text, found)

    def test_the_page_to_print_holds_it(self):
        self.plant()
        lookup = self.ask(partner_ids=self.person.ids)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "sms_base_sr.sms_person_document", lookup.ids
        )
        self.assertIn(TEXT, html.decode())


class TestDownload(PersonCase, SmsHttpCase):
    """Taken away as JSON and CSV, by those who may; each time it is noted."""

    def lookup(self):
        self.plant()
        lookups = self.env["sms.person.lookup"].with_user(self.supervisor)
        lookup = lookups.create({"partner_ids": self.person.ids})
        lookup.action_look()
        return lookup

    def get(self, lookup, kind, user):
        self.authenticate(user.login, user.login)
        return self.url_open(f"/sms/person/{lookup.id}/data.{kind}")

    def test_json_and_csv_hold_every_place(self):
        lookup = self.lookup()
        content = json.loads(self.get(lookup, "json", self.supervisor).content)
        models = {place["model"] for place in content["places"]}
        self.assertEqual(models, {place.model for place, _rows in lookup._data()})
        answer = self.get(lookup, "csv", self.supervisor)
        rows = list(
            csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";")
        )
        self.assertEqual(rows[0], ["place", "record", "field", "value"])
        self.assertIn(TEXT, [row[3] for row in rows])
        # A number begins as a formula does.
        self.assertIn(f"'{NUMBER}", [row[3] for row in rows])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_each_download_is_in_the_audit_log(self):
        lookup = self.lookup()
        self.get(lookup, "json", self.supervisor)
        self.env.invalidate_all()
        lines = self.env["sms.audit"].search([("action", "=", "download")])
        self.assertEqual(lines.user_id, self.supervisor)
        self.assertEqual(lines.res_id, self.person.id)

    def test_others_get_nothing(self):
        lookup = self.lookup()
        for user in (self.salesperson, self.admin):
            with self.subTest(user.login):
                answer = self.get(lookup, "json", user)
                self.assertNotIn(NUMBER, answer.text)
                self.assertGreaterEqual(answer.status_code, 400)
