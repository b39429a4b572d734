from odoo.exceptions import AccessError, UserError

from .reply_case import STRANGER, ReplyCase


class TestAssignContact(ReplyCase):
    """An unknown number gets its contact by one click, for the past too."""

    def setUp(self):
        super().setUp()
        self.company.sms_default_user_id = self.manager
        self.manager.group_ids |= self.env.ref("base.group_partner_manager")
        self.known = self.partner.create(
            {"name": "Bia Lima", "user_id": self.salesperson.id}
        )

    def from_stranger(self, text="oi", **values):
        return self.reply(text, phone=STRANGER, **values)

    def assign(self, message, partner=None, user=None, **values):
        """Do as the dialog does."""
        message = message.with_user(user or self.manager)
        context = message.action_assign_contact()["context"]
        dialog = self.env["sms.assign.contact"].with_user(user or self.manager)
        partner = partner or self.known
        wizard = dialog.with_context(**context).create(
            {"partner_id": partner.id, **values}
        )
        return wizard.action_assign()

    def test_a_stranger_s_reply_is_kept_for_the_company_s_salesperson(self):
        message = self.from_stranger()
        self.assertFalse(message.partner_id)
        self.assertTrue(message.needs_answer)
        self.assertEqual(message.user_id, self.manager)

    def test_note_and_activity_follow_for_this_and_the_older_ones(self):
        first, second = self.from_stranger("um"), self.from_stranger("dois")
        self.assign(second)
        for message in (first, second):
            self.assertEqual(message.partner_id, self.known)
            self.assertEqual(message.user_id, self.salesperson)
            self.assertEqual(message.assigned_by_id, self.manager)
        bodies = self.notes(self.known).sorted("id").mapped("body")
        self.assertEqual(["um" in bodies[0], "dois" in bodies[1]], [True, True])
        self.assertEqual(len(bodies), 2)
        activity = self.activities(self.known)
        self.assertEqual(activity.user_id, self.salesperson)

    def test_what_was_answered_or_opted_out_is_no_activity(self):
        message = self.from_stranger()
        message.with_user(self.manager).action_no_answer_needed()
        self.assign(message)
        self.assertFalse(self.activities(self.known))
        self.assertEqual(len(self.notes(self.known)), 1)

    def test_what_was_texted_to_the_number_stands_in_the_chatter_too(self):
        draft = self.new_message(partner_id=False, phone=STRANGER, body="Boa tarde")
        draft.action_send()
        self.run_jobs("_send_batch", "_mirror_chatter")
        self.assign(self.from_stranger())
        self.run_jobs("_mirror_chatter")
        self.assertEqual(draft.partner_id, self.known)
        self.assertEqual(len(self.notes(self.known)), 2)

    def test_others_stay_as_they_are(self):
        other = self.reply("oi", phone="+5531988887770")
        known = self.reply("oi")
        company = self.env["res.company"].create({"name": "Other"})
        elsewhere = self.from_stranger()
        elsewhere.write({"company_id": company.id, "provider_id": False})
        self.assign(self.from_stranger())
        self.assertFalse(other.partner_id)
        self.assertFalse(elsewhere.partner_id)
        self.assertEqual(known.partner_id, self.partner)

    def test_the_number_is_entered_in_a_contact_without_one(self):
        self.assign(self.from_stranger())
        self.assertEqual(self.known.phone_sanitized, STRANGER)
        self.assertEqual(self.from_stranger().partner_id, self.known)

    def test_a_contact_with_a_number_keeps_it_and_later_replies_are_known(self):
        self.known.phone = "(21) 98765-4321"
        self.assign(self.from_stranger())
        self.assertEqual(self.known.phone, "(21) 98765-4321")
        later = self.from_stranger("de novo")
        self.assertEqual(later.partner_id, self.known)
        self.assertEqual(later.user_id, self.salesperson)

    def test_nothing_is_entered_where_that_is_not_wanted_or_not_allowed(self):
        self.assign(self.from_stranger(), store_phone=False)
        self.assertFalse(self.known.phone)
        self.assign(self.from_stranger(), user=self.salesperson)
        self.assertFalse(self.known.phone)

    def test_who_is_archived_is_not_found_by_an_earlier_assignment(self):
        self.assign(self.from_stranger(), store_phone=False)
        self.known.active = False
        self.assertFalse(self.from_stranger().partner_id)

    def test_a_sender_that_is_no_number_can_be_assigned(self):
        first, second = (self.reply("x", phone="PROMO") for _each in range(2))
        self.assign(second, store_phone=False)
        self.assertEqual((first | second).partner_id, self.known)
        nameless, other = (self.reply("x", phone=None) for _each in range(2))
        self.assign(nameless, store_phone=False)
        self.assertFalse(other.partner_id)

    def test_a_contact_that_fits_by_now_is_proposed(self):
        message = self.from_stranger()
        self.known.phone = STRANGER
        action = message.with_user(self.manager).action_assign_contact()
        self.assertEqual(action["context"]["default_partner_id"], self.known.id)

    def test_the_contact_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Other"})
        theirs = self.partner.create({"name": "X", "company_id": company.id})
        with self.assertRaisesRegex(UserError, "belongs to Other"):
            self.from_stranger()._assign_contact(theirs)

    def test_who_cannot_see_the_reply_cannot_assign_it(self):
        message = self.from_stranger()
        with self.assertRaises(AccessError):
            message.with_user(self.salesperson)._assign_contact(self.known)
        self.assertFalse(message.partner_id)
