from odoo.tests import tagged

from ..tools import capacity
from .common import SmsJobsCase


@tagged("post_install", "-at_install")
class TestChannels(SmsJobsCase):
    """Other addons name the channels by external id, the server by full name."""

    def test_the_channels_have_the_external_ids_that_addons_rely_on(self):
        names = {"channel_sms": "root.sms"}
        for leaf in ("send", "now", "event", "reply", "plan", "mirror", "care"):
            names[f"channel_sms_{leaf}"] = f"root.sms.{leaf}"
        for xmlid, name in names.items():
            with self.subTest(xmlid=xmlid):
                channel = self.env.ref(f"queue_job_config.{xmlid}")
                self.assertEqual(channel.complete_name, name)

    def test_the_recommended_capacities_name_exactly_our_channels(self):
        channels = self.env.ref("queue_job_config.channel_sms")
        channels |= self.env["queue.job.channel"].search(
            [("parent_id", "=", channels.id)]
        )
        ours = set(channels.mapped("complete_name")) - {capacity.SMS}
        self.assertEqual(ours, set(capacity.SMS_CAPACITIES))

    def test_a_function_in_our_channel_sends_its_jobs_there(self):
        function = self.env.ref("queue_job.job_function_queue_job__test_job")
        function.channel_id = self.env.ref("queue_job_config.channel_sms_now")
        job = self.env["queue.job"].with_delay()._test_job().db_record()
        self.assertEqual(job.channel, "root.sms.now")
