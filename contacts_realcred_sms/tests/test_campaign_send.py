from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common import CampaignCase


class TestCampaignSend(CampaignCase):
    """The button of 15.0: one press plans and sends, in jobs."""

    def press(self, campaign=None):
        """Press the button as a campaign manager, who is no administrator."""
        campaign = campaign or self.campaign
        return campaign.with_user(self.manager).action_send_campaign()

    # -- the button --------------------------------------------------------------------

    def test_one_press_plans_and_sends_to_every_contact(self):
        contacts = self.new_contacts(3)
        self.press()
        self.run_jobs("process_sms_campaign")
        messages = self.messages()
        self.assertEqual(messages.mapped("source_id"), contacts.ids)
        self.assertEqual(set(messages.mapped("state")), {"draft"})
        batch = messages.batch_id
        self.assertRecordValues(batch, [{"state": "queued", "message_count": 3}])
        self.run_jobs("_send_batch")
        self.assertEqual(set(messages.mapped("state")), {"sent"})
        self.assertEqual(batch.state, "sent")
        self.assertEqual(len(self.gateway.calls), 1)
        self.assertEqual(self.gateway.phones, contacts.mapped("sms_phone"))

    def test_the_notification_names_the_planning_job(self):
        self.new_contact()
        action = self.press()
        job = self.pending_jobs("process_sms_campaign")
        self.assertEqual(len(job), 1)
        self.assertEqual(self.campaign.sms_job_uuid, job.uuid)
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(action["params"]["title"], "Sending scheduled")
        self.assertIn(job.uuid, action["params"]["message"])

    def test_the_notification_in_portuguese_is_the_one_of_15(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        campaign = self.campaign.with_user(self.manager).with_context(lang="pt_BR")
        action = campaign.action_send_campaign()
        self.assertEqual(action["params"]["title"], "Envio agendado")

    def test_the_planning_job_is_the_method_of_15_with_our_channel(self):
        self.new_contact()
        self.press()
        job = self.pending_jobs("process_sms_campaign")
        self.assertEqual(job.model_name, "contacts.realcred.campaign")
        self.assertEqual(job.channel, "root.sms.plan")
        self.assertEqual(job.records, self.campaign)
        config = self.env["queue.job.function"].job_config(
            "<contacts.realcred.campaign>.process_sms_campaign"
        )
        self.assertTrue(config.allow_commit)
        self.assertEqual(config.retry_pattern, {1: 60, 2: 180, 3: 600, 5: 1800})

    def test_the_states_of_15_follow_the_run(self):
        self.new_contacts(2)
        campaign = self.campaign.with_user(self.manager)
        self.assertRecordValues(
            campaign, [{"state_sms": "draft", "sms_job_state": False}]
        )
        self.press()
        self.assertRecordValues(
            campaign,
            [
                {
                    "sms_state": "planning",
                    "state_sms": "process",
                    "sms_job_state": "pending",
                }
            ],
        )
        self.run_jobs("process_sms_campaign")
        self.assertRecordValues(
            campaign,
            [
                {
                    "sms_state": "sending",
                    "state_sms": "process",
                    "sms_job_state": "done",
                }
            ],
        )
        self.run_jobs("_send_batch")
        self.refresh_figures()
        self.assertRecordValues(
            campaign,
            [
                {
                    "sms_state": "done",
                    "state_sms": "finished",
                    "sms_job_state": "done",
                }
            ],
        )

    def test_a_planning_under_way_is_a_job_started(self):
        self.new_contact()
        self.press()
        self.campaign.sms_run_id.recipient_count = 1000
        self.assertEqual(self.campaign.sms_job_state, "started")

    def test_a_second_press_is_refused_and_changes_nothing(self):
        self.new_contact()
        self.press()
        run = self.campaign.sms_run_id
        with self.assertRaisesRegex(UserError, "being sent or was sent already"):
            self.press()
        self.run_jobs()
        self.refresh_figures()
        with self.assertRaisesRegex(UserError, "being sent or was sent already"):
            self.press()
        self.assertEqual(self.campaign.sms_run_id, run)
        self.assertEqual(self.campaign.state_sms, "finished")
        self.assertEqual(len(self.messages()), 1)
        self.assertEqual(len(self.gateway.calls), 1)

    def test_without_a_text_the_press_says_what_is_missing(self):
        campaign = self.new_campaign(message=False)
        with self.assertRaisesRegex(UserError, "SMS template"):
            self.press(campaign)
        self.assertFalse(campaign.sms_run_id)
        self.assertFalse(self.pending_jobs("process_sms_campaign"))

    def test_without_a_provider_the_press_says_who_can_help(self):
        self.provider.active = False
        with self.assertRaisesRegex(UserError, "no active SMS provider"):
            self.press()

    def test_a_campaign_without_contacts_is_finished(self):
        self.send_campaign()
        self.assertEqual(self.campaign.state_sms, "finished")
        self.assertFalse(self.gateway.calls)

    def test_the_provider_of_the_campaign_sends(self):
        other = self.provider.copy({"name": "Other", "sequence": 99})
        self.campaign.sms_provider_id = other
        self.new_contact()
        self.send_campaign()
        self.assertEqual(self.messages().provider_id, other)

    # -- plan first, release later -----------------------------------------------------

    def test_what_is_planned_waits_for_the_release(self):
        self.new_contacts(2)
        self.plan_campaign()
        self.run_jobs()
        self.assertRecordValues(
            self.campaign,
            [{"sms_state": "ready", "state_sms": "process", "sms_planned": 2}],
        )
        self.assertFalse(self.gateway.calls)
        self.campaign.with_user(self.manager).action_sms_release()
        self.run_jobs()
        self.refresh_figures()
        self.assertEqual(self.campaign.state_sms, "finished")
        self.assertEqual(len(self.gateway.phones), 2)

    def test_a_canceled_campaign_is_finished_and_sends_nothing(self):
        self.new_contacts(2)
        messages = self.plan_campaign()
        self.campaign.with_user(self.manager).action_sms_cancel()
        self.run_jobs()
        self.assertEqual(self.campaign.state_sms, "finished")
        self.assertEqual(set(messages.mapped("state")), {"canceled"})
        self.assertEqual(set(messages.mapped("failure_type")), {"campaign_canceled"})
        self.assertFalse(self.gateway.calls)

    def test_a_paused_campaign_goes_on_where_it_stopped(self):
        self.new_contacts(2)
        self.press()
        self.run_jobs("process_sms_campaign")
        self.campaign.with_user(self.manager).action_sms_pause()
        self.run_jobs()
        self.assertFalse(self.gateway.calls)
        self.assertEqual(self.campaign.state_sms, "process")
        self.campaign.with_user(self.manager).action_sms_resume()
        self.run_jobs()
        self.refresh_figures()
        self.assertEqual(self.campaign.state_sms, "finished")
        self.assertEqual(len(self.gateway.phones), 2)

    # -- a planning that fails, or loses its job ---------------------------------------

    def test_a_failed_planning_can_be_corrected_and_sent(self):
        self.campaign.message = "Olá {{ nmae }}"
        self.new_contact()
        self.send_campaign()
        self.assertRecordValues(
            self.campaign,
            [
                {
                    "sms_state": "failed",
                    "state_sms": "draft",
                    "sms_job_state": "failed",
                }
            ],
        )
        self.campaign.message = "Olá {{ name }}"
        self.send_campaign()
        self.assertEqual(self.campaign.state_sms, "finished")
        self.assertEqual(len(self.gateway.phones), 1)

    def test_the_sweeper_gives_a_planning_without_a_job_a_new_one(self):
        self.new_contact()
        self.press()
        lost = self.campaign.sms_job_uuid
        self.env["sms.run"]._sweep_plannings()
        self.assertEqual(self.campaign.sms_job_uuid, lost, "its job lives")
        self.pending_jobs().unlink()
        self.env["sms.run"]._sweep_plannings()
        job = self.pending_jobs("process_sms_campaign")
        self.assertEqual(self.campaign.sms_job_uuid, job.uuid)
        self.assertNotEqual(job.uuid, lost)
        self.run_jobs()
        self.assertEqual(self.messages().state, "sent")

    def test_the_planning_job_run_twice_plans_once(self):
        self.new_contact()
        self.press()
        job = self.pending_jobs("process_sms_campaign")
        self.run_job(job)
        self.run_job(job)
        self.assertEqual(len(self.messages()), 1)

    # -- the app's cron ----------------------------------------------------------------

    def test_the_cron_sends_every_campaign_in_process(self):
        self.new_contact()
        waiting = self.new_campaign(state_sms="process")
        self.new_contact(2, campaing_id=waiting.id)
        draft = self.new_campaign()
        self.env["contacts.realcred.campaign"].check_data_kolmeya_send()
        self.run_jobs()
        self.refresh_figures()
        self.assertEqual(waiting.state_sms, "finished")
        self.assertEqual(self.messages(waiting).state, "sent")
        self.assertFalse(draft.sms_run_id)
        self.assertFalse(self.campaign.sms_run_id)

    def test_the_cron_starts_nothing_twice(self):
        self.new_contact()
        self.campaign.state_sms = "process"
        campaigns = self.env["contacts.realcred.campaign"]
        campaigns.check_data_kolmeya_send()
        campaigns.check_data_kolmeya_send()
        self.assertEqual(len(self.pending_jobs("process_sms_campaign")), 1)
        self.run_jobs()
        campaigns.check_data_kolmeya_send()
        self.assertEqual(len(self.messages()), 1)

    def test_one_campaign_that_cannot_be_sent_does_not_stop_the_cron(self):
        broken = self.new_campaign(message=False, state_sms="process")
        self.new_contact()
        self.campaign.state_sms = "process"
        logger = "odoo.addons.contacts_realcred_sms.models.contacts_realcred_campaign"
        with self.assertLogs(logger, "WARNING") as logs:
            self.env["contacts.realcred.campaign"].check_data_kolmeya_send()
        self.assertIn(f"campaign {broken.id} ", logs.output[0])
        self.run_jobs()
        self.assertEqual(self.messages().state, "sent")
        self.assertFalse(broken.sms_run_id)

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_the_cron_of_the_app_calls_it_on_no_records(self):
        self.new_contact()
        self.campaign.state_sms = "process"
        cron = self.env.ref("contacts_realcred.ir_cron_check_data_kolmeya_send")
        cron.ir_actions_server_id.run()
        self.assertTrue(self.pending_jobs("process_sms_campaign"))

    def test_with_records_it_sends_those(self):
        self.new_contact()
        other = self.new_campaign(state_sms="process")
        self.campaign.with_user(self.manager).check_data_kolmeya_send()
        self.run_jobs()
        self.assertEqual(self.messages().state, "sent")
        self.assertFalse(other.sms_run_id)
