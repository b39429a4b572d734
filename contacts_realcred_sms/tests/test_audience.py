from unittest.mock import patch

from odoo.addons.sms_base_sr.models import sms_run_plan

from .common import CampaignCase


class TestAudience(CampaignCase):
    """One decision per contact: an SMS, or the reason why there is none."""

    def texts(self):
        """{contact's id: text} of what the gateway was given."""
        bodies = {
            sms.reference: sms.text
            for call in self.gateway.calls
            for sms in call.messages
        }
        return {m.source_id: bodies[m.reference] for m in self.messages()}

    # -- who is left out ---------------------------------------------------------------

    def test_every_reason_for_leaving_a_contact_out(self):
        self.campaign.message = "Olá {{ name }}, CPF {{ cpf }}"
        taken = self.new_contact(1)
        self.env["phone.blacklist"]._add(["+5511900990000"])
        cases = {
            "deceased": {"falecido": True},
            "not_updated": {"updated_limit": False},
            "no_number": {"telefone1": False},
            "invalid_number": {"telefone1": "12"},
            "landline": {"telefone1": "(11) 3333-4444"},
            "duplicate": {"telefone1": "+55 11 90001-0000"},
            "blacklisted": {"telefone1": "(11) 90099-0000"},
            "missing_value": {"cpf": False},
        }
        expected = {}
        for number, (reason, values) in enumerate(cases.items(), start=2):
            expected[self.new_contact(number, **values).id] = reason
        self.send_campaign()
        messages = self.messages()
        found = {m.source_id: m.failure_type for m in messages if m.failure_type}
        self.assertEqual(found, expected)
        left_out = messages - self.message_of(taken)
        self.assertEqual(set(left_out.mapped("state")), {"canceled"})
        self.assertEqual(set(left_out.mapped("cost")), {0.0})
        self.assertFalse(left_out.batch_id)
        self.assertFalse(any(left_out.mapped("dedupe_key")))
        self.assertEqual(self.gateway.phones, ["+5511900010000"])
        run = self.campaign.sms_run_id
        self.assertEqual(run.excluded_counts, dict.fromkeys(cases, 1))
        self.assertEqual(run.recipient_count, 9)
        self.assertEqual(run.planned_count, 1)

    def test_a_number_of_spaces_is_no_number(self):
        contact = self.new_contact(telefone1="   ")
        self.plan_campaign()
        self.assertEqual(self.message_of(contact).failure_type, "no_number")

    def test_the_whatsapp_number_gets_no_sms(self):
        contact = self.new_contact(telefone1=False, whatsapp1="(11) 90001-0000")
        self.plan_campaign()
        self.assertEqual(self.message_of(contact).failure_type, "no_number")

    def test_the_dead_count_as_dead_whatever_else_is_wrong(self):
        contact = self.new_contact(
            falecido=True, updated_limit=False, telefone1=False, cpf=False
        )
        self.plan_campaign()
        self.assertEqual(self.message_of(contact).failure_type, "deceased")

    def test_the_first_of_two_with_one_number_gets_the_sms(self):
        first, second = self.new_contact(1), self.new_contact(2)
        second.telefone1 = first.telefone1
        self.plan_campaign()
        self.assertEqual(self.message_of(first).state, "draft")
        self.assertEqual(self.message_of(second).failure_type, "duplicate")

    def test_who_opts_out_after_planning_is_not_texted(self):
        contacts = self.new_contacts(2)
        self.plan_campaign()
        self.env["phone.blacklist"]._add([contacts[0].sms_phone])
        self.campaign.action_sms_release()
        self.run_jobs()
        self.assertEqual(self.message_of(contacts[0]).failure_type, "blacklisted")
        self.assertEqual(self.gateway.phones, [contacts[1].sms_phone])

    # -- pages -------------------------------------------------------------------------

    def test_pages_follow_each_other_without_gap_or_overlap(self):
        contacts = self.new_contacts(5)
        other = self.new_campaign()
        self.new_contact(6, campaing_id=other.id)
        pages, after = [], 0
        while page := self.campaign._sms_audience_page(after, 2):
            pages.append([recipient.source_id for recipient in page])
            after = page[-1].source_id
        ids = contacts.ids
        self.assertEqual(pages, [ids[:2], ids[2:4], ids[4:]])

    def test_planning_in_pages_decides_for_everybody_once(self):
        contacts = self.new_contacts(5)
        contacts[4].telefone1 = contacts[0].telefone1  # a duplicate of another page
        with patch.object(sms_run_plan, "PAGE", 2):
            messages = self.plan_campaign()
        self.assertEqual(messages.mapped("source_id"), contacts.ids)
        self.assertEqual(messages[4].failure_type, "duplicate")
        self.assertEqual(messages.batch_id.message_count, 4)
        self.assertRecordValues(
            self.campaign.sms_run_id,
            [{"recipient_count": 5, "planned_count": 4, "plan_cursor": contacts[4].id}],
        )

    def test_a_slice_that_ends_goes_on_in_a_new_job(self):
        self.new_contacts(3)
        self.campaign.with_user(self.manager).action_sms_plan()
        first = self.pending_jobs("process_sms_campaign")
        with patch.object(sms_run_plan, "SLICE_SECONDS", 0):
            self.run_job(first)
        following = self.pending_jobs("process_sms_campaign")
        self.assertEqual(self.campaign.sms_job_uuid, following.uuid)
        self.assertNotEqual(following, first)
        self.run_jobs("process_sms_campaign")
        self.assertEqual(len(self.messages()), 3)
        self.assertEqual(self.campaign.sms_state, "ready")

    # -- partner and salesperson -------------------------------------------------------

    def test_the_partner_is_the_one_of_the_contact_and_keeps_his_salesperson(self):
        self.campaign.user_id = self.manager
        known = self.new_contact(1, cpf_id=self.partner.id)
        unknown = self.new_contact(2)
        self.plan_campaign()
        message = self.message_of(known)
        self.assertEqual(message.partner_id, self.partner)
        self.assertEqual(message.user_id, self.salesperson)
        self.assertEqual(message.phone, known.sms_phone, "not the partner's number")
        message = self.message_of(unknown)
        self.assertFalse(message.partner_id)
        self.assertEqual(message.user_id, self.manager)

    # -- values ------------------------------------------------------------------------

    def test_every_value_that_a_text_may_use(self):
        self.company.sms_cpf_whole = True
        self.campaign.message = "|".join(
            "{{ %s }}" % name
            for name in (
                "name nome first_name cpf uf vi_rmi margem object.name object.cpf"
                " object.vi_rmi partner.name campaign.name user.name user.company"
                " user.phone user.company_id.name user.company_id.phone"
            ).split()
        )
        self.new_contact(
            name="ANA DE SOUZA",
            cpf="123.456.789-09",
            uf="SP",
            vi_rmi=1234.5,
            margemDisponivel="250,00",
        )
        self.send_campaign()
        [text] = self.texts().values()
        name, cpf, money = "ANA DE SOUZA", "123.456.789-09", "1.234,50"
        company = ["Crédito Exemplo", "(11) 4000-0000"]
        expected = [name, name, "Ana", cpf, "SP", money, "250,00", name, cpf, money]
        expected += [name, "Novembro", self.salesperson.name, *company, *company]
        self.assertEqual(text.split("|"), expected)

    def test_the_values_of_another_addon_are_used(self):
        self.campaign.message = (
            "Vence em {{ proxima_parcela_data }}: {{ proxima_parcela_valor }}"
        )
        paying, other = self.new_contact(1), self.new_contact(2)
        extra = {
            paying.id: {
                "proxima_parcela_data": "01/12",
                "proxima_parcela_valor": "99,90",
            },
            other.id: {"proxima_parcela_data": "", "proxima_parcela_valor": ""},
        }
        model = type(self.env["contacts.realcred.campaign"])
        with patch.object(
            model, "_sms_extra_values", lambda _self, ids: {i: extra[i] for i in ids}
        ):
            self.plan_campaign()
            self.assertEqual(
                self.campaign._render_message(paying), "Vence em 01/12: 99,90"
            )
        self.assertEqual(self.message_of(paying).body, "Vence em 01/12: 99,90")
        self.assertEqual(self.message_of(other).failure_type, "missing_value")

    def test_a_value_that_no_addon_gives_leaves_the_contact_out(self):
        template = self.env.ref("sms_base_sr.sms_template_realcred_lembrete")
        self.campaign.sms_template_id = template
        contact = self.new_contact()
        self.plan_campaign()
        self.assertEqual(self.campaign.sms_state, "ready")
        self.assertEqual(self.message_of(contact).failure_type, "missing_value")

    def test_old_placeholders_still_work(self):
        self.company.sms_cpf_whole = True
        self.campaign.message = "Olá |NOME|, CPF |CPF|: R$ |VI_RM| ou |vi_rmi|"
        contact = self.new_contact(name="Bia", cpf="1", vi_rmi=99.9)
        self.send_campaign()
        self.assertEqual(
            self.texts(), {contact.id: "Olá Bia, CPF 1: R$ 99,90 ou 99,90"}
        )

    def test_the_template_goes_before_the_text_of_the_campaign(self):
        self.campaign.sms_template_id = self.env["sms.template"].create(
            {"name": "Hello", "message_template": "Bom dia {{ first_name }}"}
        )
        contact = self.new_contact(name="Caio Prado")
        self.send_campaign()
        self.assertEqual(self.texts(), {contact.id: "Bom dia Caio"})

    def test_an_empty_value_leaves_out_that_contact_alone_and_says_which(self):
        self.campaign.message = "Margem de R$ {{ vi_rmi }}"
        poor, rich = self.new_contact(1, vi_rmi=0), self.new_contact(2, vi_rmi=5)
        self.plan_campaign()
        self.assertRecordValues(
            self.message_of(poor),
            [
                {
                    "state": "canceled",
                    "failure_type": "missing_value",
                    "error_message": "no value for vi_rmi",
                }
            ],
        )
        self.assertEqual(self.message_of(rich).body, "Margem de R$ 5,00")

    def test_a_default_in_the_text_stands_for_an_empty_value(self):
        self.campaign.message = "Margem de R$ {{ vi_rmi or '0,00' }}"
        contact = self.new_contact(vi_rmi=0)
        self.plan_campaign()
        self.assertEqual(self.message_of(contact).body, "Margem de R$ 0,00")

    def test_unknown_variables_stop_the_plan_with_their_names(self):
        self.campaign.message = "{{ nmae }} {{ object.saldo }} {{ name }}"
        self.new_contact()
        self.plan_campaign()
        self.assertEqual(self.campaign.sms_state, "failed")
        reason = self.campaign.sms_failure_reason
        self.assertIn("nmae", reason)
        self.assertIn("object.saldo", reason)
        self.assertFalse(self.messages())

    def test_a_text_that_is_no_template_stops_the_plan_with_its_line(self):
        self.campaign.message = "Olá\n{{ name"
        self.new_contact()
        self.plan_campaign()
        self.assertEqual(self.campaign.sms_state, "failed")
        self.assertIn("line 2", self.campaign.sms_failure_reason)

    # -- the preview is the text -------------------------------------------------------

    def test_the_text_rendered_for_one_contact_is_the_text_sent(self):
        texts = [
            "Olá |NOME|: |VI_RM|",
            "{{ first_name }} {{ object.cpf }} {{ partner.name }} {{ user.phone }}",
            "{% if vi_rmi %}R$ {{ vi_rmi }}{% else %}nada{% endif %} {{ margem or 0 }}",
            "{{ campaign.name }} {{ user.name }} {{ user.company_id.phone }} {{ uf }}",
        ]
        for text in texts:
            with self.subTest(text=text):
                self.gateway.calls.clear()
                self.campaign = self.new_campaign(message=text)
                contacts = self.new_contact(
                    1,
                    name=" JOÃO ",
                    vi_rmi=1234567.891,
                    uf="RJ",
                    campaing_id=self.campaign.id,
                ) | self.new_contact(
                    2,
                    name="Ana",
                    vi_rmi=10,
                    uf="SP",
                    margemDisponivel="1",
                    campaing_id=self.campaign.id,
                    currency_id=False,
                )
                campaign = self.campaign.with_user(self.manager)
                expected = {
                    c.id: campaign._render_message(c.with_user(self.manager))
                    for c in contacts
                }
                self.send_campaign()
                self.assertEqual(self.texts(), expected)
