from odoo.addons.contacts_realcred_sms.models import contacts_realcred_campaign

from .common import CampaignCase

LONG = "Oi |NOME|, " + "x" * 160  # two segments


class TestCampaignFigures(CampaignCase):
    """What the campaign's form, and programs, read of a sending."""

    def figures(self):
        """The figures as a campaign manager reads them, in one call."""
        names = (
            "sms_sent sms_delivered sms_replied sms_failed sms_excluded sms_planned"
            " sms_conversion_rate sms_total_cost"
        ).split()
        [values] = self.campaign.with_user(self.manager).read(names)
        return [round(values[name], 4) for name in names]

    def test_before_anything_is_sent_all_is_zero(self):
        self.new_contact()
        self.assertEqual(self.figures(), [0, 0, 0, 0, 0, 0, 0.0, 0.0])

    def test_figures_from_plan_to_reply(self):
        self.new_contacts(5)[4].falecido = True
        self.plan_campaign()
        self.assertEqual(self.figures(), [0, 0, 0, 0, 1, 4, 0.0, 0.0])
        self.campaign.action_sms_release()
        self.run_jobs()
        self.refresh_figures()
        self.assertEqual(self.figures(), [4, 0, 0, 0, 1, 4, 0.0, 0.4])
        first, second, third = self.messages()[:3]
        self.report(first, "delivered")
        self.report(second, "delivered")
        self.report(third, "error", failure_type="not_delivered")
        self.assertEqual(self.figures(), [4, 2, 0, 1, 1, 4, 0.0, 0.4])
        self.reply("Quero", first)
        self.assertEqual(self.figures(), [4, 2, 1, 1, 1, 4, 50.0, 0.4])

    def test_who_writes_twice_counts_once(self):
        self.new_contacts(2)
        self.send_campaign()
        first = self.messages()[0]
        self.report(first, "delivered")
        self.reply("Quero", first)
        self.reply("Alô?", first)
        self.assertEqual(self.campaign.sms_replied, 1)
        self.assertEqual(self.campaign.sms_summary["replies"], 2)
        self.assertEqual(self.campaign.sms_conversion_rate, 100.0)

    def test_sent_means_ever_accepted_and_never_falls(self):
        self.new_contacts(4)
        self.send_campaign()
        seen = [self.campaign.sms_sent]
        states = ["error", "rejected", "expired", "delivered"]
        for message, state in zip(self.messages(), states, strict=True):
            self.report(message, state)
            seen.append(self.campaign.sms_sent)
        self.report(self.messages()[0], "delivered")
        seen.append(self.campaign.sms_sent)
        self.campaign.action_sms_cancel()
        self.run_jobs()
        self.refresh_figures()
        seen.append(self.campaign.sms_sent)
        self.assertEqual(seen, [4] * 7)
        self.assertEqual(self.campaign.sms_delivered, 2)

    def test_cost_counts_segments_and_stays_for_what_was_not_delivered(self):
        self.provider.price_per_segment = 0.08
        self.campaign.message = LONG
        self.new_contacts(3)
        self.plan_campaign()
        self.assertEqual(self.campaign.sms_summary["planned_segments"], 6)
        self.assertEqual(self.campaign.sms_summary["planned_cost"], 0.48)
        self.campaign.action_sms_release()
        self.run_jobs()
        self.report(self.messages()[0], "error", failure_type="not_delivered")
        self.assertAlmostEqual(self.campaign.sms_total_cost, 0.48)
        self.assertEqual(self.messages().mapped("cost"), [0.16, 0.16, 0.16])

    def test_what_the_gateway_refuses_is_neither_sent_nor_paid(self):
        contacts = self.new_contacts(3)

        def refuse_the_first(request):
            accepted = self.gateway.accept(request)
            first, *others = accepted.results
            refused = type(first)(
                first.reference, "rejected", None, "gateway_blacklist", "on their list"
            )
            return type(accepted)(accepted.request_id, (refused, *others))

        self.gateway.answers.append(refuse_the_first)
        self.send_campaign()
        self.assertEqual(self.message_of(contacts[0]).state, "rejected")
        self.assertEqual(self.campaign.sms_sent, 2)
        self.assertAlmostEqual(self.campaign.sms_total_cost, 0.2)
        self.assertEqual(self.campaign.sms_excluded, 1)
        self.assertEqual(self.campaign.sms_failed, 0)

    def test_the_summary_says_all_of_it_at_once(self):
        contacts = self.new_contacts(4)
        contacts[3].telefone1 = "12"
        self.send_campaign()
        messages = self.messages()
        self.report(messages[0], "delivered")
        self.report(messages[1], "error", failure_type="not_delivered")
        self.reply("Sim", messages[0])
        self.assertEqual(
            self.campaign.with_user(self.manager).sms_summary,
            {
                "state": "done",
                "recipients": 4,
                "planned": 3,
                "excluded": {"invalid_number": 1},
                "planned_segments": 3,
                "planned_cost": 0.3,
                "sent": 3,
                "delivered": 1,
                "failed": 1,
                "failed_by_reason": {"not_delivered": 1},
                "open": 1,
                "not_started": 0,
                "in_call": 0,
                "unknown": 0,
                "trying_again": 0,
                "retriable": 0,
                "replied": 1,
                "replies": 1,
                "interested": 1,
                "opted_out": 0,
                "unanswered": 1,
                "segments": 3,
                "cost": 0.3,
                "waits": [],
                "run_id": self.campaign.sms_run_id.id,
                "conversion": 100.0,
                "cost_per_reply": 0.3,
                "answer_minutes": None,
                "pace": None,
                "ab": None,
            },
        )

    def test_the_button_opens_the_messages_of_this_campaign(self):
        self.new_contacts(2)
        other = self.new_campaign()
        self.new_contact(3, campaing_id=other.id)
        self.send_campaign()
        self.send_campaign(other)
        campaign = self.campaign.with_user(self.manager)
        action = campaign.action_view_sms_messages()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.messages())

    def test_the_form_counts_contacts_and_opens_them(self):
        contacts = self.new_contacts(3)
        campaign = self.campaign.with_user(self.manager)
        self.assertEqual(campaign.contact_count, 3)
        action = campaign.action_view_contacts()
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]), contacts
        )

    def test_contacts_of_a_large_plan_are_not_counted_again(self):
        self.patch(contacts_realcred_campaign, "MANY_CONTACTS", 3)
        for number in range(4):
            self.new_contact(number)
        self.campaign.action_sms_plan()
        self.run_jobs()
        self.assertEqual(self.campaign._count_planned_contacts(), {self.campaign.id: 4})
        self.assertEqual(self.campaign.contact_count, 4)
        self.new_contact(4)
        self.campaign.invalidate_recordset(["contact_count"])
        self.assertEqual(self.campaign.contact_count, 5)
        self.patch(contacts_realcred_campaign, "MANY_CONTACTS", 5)
        self.assertEqual(self.campaign._count_planned_contacts(), {})
