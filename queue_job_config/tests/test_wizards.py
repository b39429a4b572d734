from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SmsJobsCase

WIZARDS = {
    "queue.requeue.job": "requeue",
    "queue.jobs.to.done": "set_done",
    "queue.jobs.to.cancelled": "set_cancelled",
}


@tagged("post_install", "-at_install")
class TestWizards(SmsJobsCase):
    """The wizards of queue_job are a second door to the same three methods."""

    def test_operators_cannot_open_the_wizards(self):
        for model in WIZARDS:
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.as_user("operator", self.env[model]).create(
                    {"job_ids": self.make_job().ids}
                )

    def test_the_action_menu_offers_the_wizards_to_managers_only(self):
        actions = self.as_user("operator", self.env["ir.actions.actions"])
        self.assertFalse(actions.get_bindings("queue.job").get("action"))
        actions = self.as_user("manager", self.env["ir.actions.actions"])
        self.assertEqual(len(actions.get_bindings("queue.job")["action"]), 3)

    def test_a_wizard_that_another_addon_opens_to_operators_is_guarded_too(self):
        group = self.env.ref("queue_job_config.group_job_operator")
        for model, method in WIZARDS.items():
            self.env["ir.model.access"].create(
                {
                    "name": f"operators use {model}",
                    "model_id": self.env["ir.model"]._get_id(model),
                    "group_id": group.id,
                    "perm_read": True,
                    "perm_write": True,
                    "perm_create": True,
                }
            )
            job = self.make_job(state="pending")
            wizard = self.as_user("operator", self.env[model]).create(
                {"job_ids": job.ids}
            )
            with self.subTest(model=model), self.assertRaises(AccessError):
                getattr(wizard, method)()
            self.assertEqual(job.state, "pending")

    def test_managers_use_the_wizards_as_before(self):
        expected = {
            "queue.requeue.job": "pending",
            "queue.jobs.to.done": "done",
            "queue.jobs.to.cancelled": "cancelled",
        }
        for model, method in WIZARDS.items():
            with self.subTest(model=model):
                job = self.make_job()
                wizard = self.as_user("manager", self.env[model]).create(
                    {"job_ids": job.ids}
                )
                getattr(wizard, method)()
                self.assertEqual(job.state, expected[model])
