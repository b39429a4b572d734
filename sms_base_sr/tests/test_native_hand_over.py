from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from ..tools.inbound import ReplyItem
from .native_case import ANA, NativeCase

LOG = "odoo.addons.sms_base_sr.models.sms_sms"


class TestNativeHandOver(NativeCase):
    """What other parts of Odoo write is handed over to the ledger, once."""

    def test_an_sms_becomes_a_message_and_no_gateway_is_called_meanwhile(self):
        sms = self.new_sms()
        sms.send()
        message = self.message_of(sms)
        self.assertRecordValues(
            message,
            [
                {
                    "state": "outgoing",
                    "phone": ANA,
                    "body": "Olá",
                    "partner_id": self.partner.id,
                    "company_id": self.company.id,
                    "provider_id": self.provider.id,
                    "message_class": "service",
                    "sms_count": 1,
                    "char_count": 3,
                }
            ],
        )
        self.assertEqual(message.cost, self.provider.price_per_segment)
        self.assertEqual((sms.state, sms.to_delete), ("process", True))
        self.assertTrue(message.batch_id.native)
        self.assertEqual(message.batch_id.zone, "America/Sao_Paulo")
        self.assertFalse(self.gateway.calls)
        self.run_jobs()
        self.assertEqual(self.gateway.phones, [ANA])
        self.assertEqual((message.state, sms.state), ("sent", "pending"))
        self.assertFalse(self.iap)

    def test_handed_over_twice_it_is_one_message(self):
        sms = self.new_sms()
        sms.send()
        for _time in range(2):
            sms.write({"state": "outgoing", "to_delete": False})
            sms.send()
            self.run_jobs()
        self.assertEqual(len(self.message_of(sms)), 1)
        self.assertEqual(self.gateway.phones, [ANA])
        self.assertEqual(sms.state, "pending")

    def test_every_uuid_has_its_entry_once_and_again(self):
        self.env["phone.blacklist"].add("+5521987654321")
        numbers = [ANA, "+5521987654321", "12", "", "(11) 3333-4444", ANA]
        rows = self.new_sms().browse().concat(*[self.new_sms(n) for n in numbers])
        api = self.company._sms_native_api()
        wanted = [
            {"content": s.body, "numbers": [{"uuid": s.uuid, "number": s.number}]}
            for s in rows
        ]
        expected = [
            "processing",
            "sms_blacklist",
            "sms_number_format",
            "sms_number_missing",
            "sms_invalid_destination",
            "processing",
        ]
        for time in ("first", "second"):
            with self.subTest(time):
                states = {r["uuid"]: r["state"] for r in api._send_sms_batch(wanted)}
                self.assertEqual([states[s.uuid] for s in rows], expected)

    def test_who_is_left_out_is_told_with_the_reason(self):
        self.env["phone.blacklist"].add(ANA)
        sms = self.comment()
        notification = self.notification_of(sms)
        self.assertEqual((sms.state, sms.failure_type), ("error", "sms_blacklist"))
        self.assertEqual(notification.notification_status, "exception")
        self.assertEqual(notification.failure_type, "sms_blacklist")
        self.assertEqual(notification.failure_reason, "Blacklisted")
        message = self.message_of(sms)
        self.assertEqual((message.state, message.cost), ("canceled", 0))
        self.assertEqual(message.body, "Olá")
        self.assertTrue(message.suppression_source)
        self.assertFalse(self.pending_jobs("_send_batch"))

    def test_core_may_retry_what_never_left(self):
        self.env["phone.blacklist"].add(ANA)
        sms = self.comment()
        first = self.message_of(sms)
        self.env["phone.blacklist"].remove(ANA)
        sms.action_set_outgoing()
        sms.send()
        second = self.message_of(sms)
        self.run_jobs()
        self.assertNotEqual(first, second)
        self.assertEqual((first.state, second.state), ("canceled", "sent"))
        self.assertEqual(self.notification_of(sms).sms_message_id, second)
        self.assertEqual(self.notification_of(sms).notification_status, "pending")

    def test_core_never_retries_what_has_left(self):
        sms = self.comment()
        self.run_jobs()
        self.report(self.message_of(sms), "expired", "expired")
        self.assertEqual(self.notification_of(sms).failure_type, "sms_expired")
        with self.assertRaises(UserError):
            sms.action_set_outgoing()
        sms.write({"state": "error", "to_delete": False})
        sms.resend_failed()
        self.run_jobs()
        self.assertEqual(self.gateway.phones, [ANA])
        self.assertEqual(self.notification_of(sms).failure_type, "sms_expired")

    def test_an_error_of_ours_leaves_it_in_the_queue_for_the_cron(self):
        sms = self.new_sms()
        with self.broken(), self.assertLogs(LOG, "ERROR"):
            sms.send()
        self.assertEqual((sms.state, sms.failure_type), ("outgoing", False))
        with self.broken(), mute_logger(LOG), self.assertRaisesRegex(ValueError, "bro"):
            sms.send(raise_exception=True)
        self.run_cron()
        self.assertEqual(self.gateway.phones, [ANA])

    def test_two_sms_to_one_number_are_two_sms(self):
        sms = self.new_sms() + self.new_sms(body="Outra")
        sms.send()
        self.run_jobs()
        self.assertEqual(self.gateway.phones, [ANA, ANA])

    def test_texts_are_not_evaluated(self):
        self.new_sms(body="{{ 1 + 1 }} {% if %}").send()
        self.run_jobs()
        self.assertEqual(self.gateway.calls[0].messages[0].text, "{{ 1 + 1 }} {% if %}")

    def test_a_reply_answers_it(self):
        sms = self.new_sms()
        sms.send()
        self.run_jobs()
        self.tell(ReplyItem(phone=ANA, text="Sim"))
        reply = self.message_of(sms).search([("direction", "=", "incoming")])
        self.assertEqual(reply.parent_id, self.message_of(sms))
        self.assertEqual(reply.partner_id, self.partner)

    def test_people_without_a_role_in_sms_write_from_the_chatter(self):
        person = self.new_user("office", "base.group_user,base.group_partner_manager")
        self.partner.with_user(person)._message_sms("Olá")
        message = self.env["sms.message"].search([("native_uuid", "!=", False)])
        self.assertEqual(message.user_id, person)
        self.run_jobs()
        self.assertEqual(message.state, "sent")

    def test_only_the_companys_own_provider_can_be_chosen(self):
        with self.assertRaises(ValidationError):
            self.other.sms_native_provider_id = self.provider
        self.company.sms_native_provider_id = False
        self.new_sms().send()
        self.assertEqual(self.iap, [ANA])


class TestNativeComposer(NativeCase):
    """Core's dialog in its three modes."""

    def composer(self, mode, **values):
        return self.env["sms.composer"].create(
            {
                "composition_mode": mode,
                "res_model": "res.partner",
                "res_ids": str(self.partner.ids),
                **({} if "template_id" in values else {"body": "Olá"}),
                **values,
            }
        )

    def test_bare_numbers_are_sent(self):
        self.composer("numbers", numbers=ANA, res_ids=False).action_send_sms()
        self.run_jobs()
        self.assertEqual(self.gateway.phones, [ANA])

    def test_a_comment_is_sent_with_one_note(self):
        self.composer("comment").action_send_sms()
        self.run_jobs()
        self.assertEqual(self.gateway.phones, [ANA])
        self.assertEqual(len(self.notes()), 1)

    def test_many_with_a_log_have_one_note_each_with_its_status(self):
        self.composer(
            "mass", mass_keep_log=True, mass_force_send=True
        ).action_send_sms()
        self.run_jobs()
        notification = self.notes().notification_ids
        self.assertEqual(len(self.notes()), 1)
        self.assertEqual(notification.notification_status, "pending")
        self.assertEqual(notification.sms_message_id.state, "sent")

    def test_many_without_a_log_have_notes_as_the_company_wants_them(self):
        for mode, notes in (("none", 0), ("all", 1)):
            with self.subTest(mode):
                self.company.sms_chatter_mode = mode
                self.composer(
                    "mass", mass_keep_log=False, mass_force_send=True
                ).action_send_sms()
                self.run_jobs()
                self.assertEqual(len(self.notes()), notes)

    def test_many_are_sent_by_the_company_of_their_record(self):
        self.partner.company_id = self.other
        self.composer("mass", mass_keep_log=False).action_send_sms()
        sms = self.env["sms.sms"].search([])
        self.assertEqual(sms.record_company_id, self.other)

    def test_advertising_stays_advertising(self):
        """By the dialog, for one and for many, and by automations: the template's."""
        self.company.sms_suffix = "Para sair, responda SAIR."
        template = self.env["sms.template"].create(
            {
                "name": "Oferta",
                "message_template": "Olá {{ name }}",
                "message_class": "promotional",
            }
        )
        given = {"template_id": template.id}
        ways = {
            "one": lambda: self.composer(
                "comment", res_id=self.partner.id, res_ids=False, **given
            ).action_send_sms(),
            "many": lambda: self.composer("mass", **given).action_send_sms(),
            "automation": lambda: self.partner._message_sms_with_template(template),
        }
        for name, send in ways.items():
            with self.subTest(name):
                self.env["sms.sms"].search([]).unlink()
                send()
                self.env["sms.sms"].search([("state", "=", "outgoing")]).send()
                message = self.env["sms.message"].search([], limit=1, order="id desc")
                self.assertEqual(message.message_class, "promotional")
                self.assertEqual(message.body.count("SAIR"), 1)

    def test_by_hand_means_within_the_hours_limit(self):
        self.company.sms_hourly_single = 1
        composers = self.env["sms.composer"].with_user(self.salesperson)
        values = {"composition_mode": "numbers", "numbers": ANA, "body": "Olá"}
        composers.create(values).action_send_sms()
        with self.assertRaisesRegex(UserError, "within an hour"):
            composers.create(values).action_send_sms()
        self.run_jobs()
        self.assertEqual(self.gateway.phones, [ANA])
