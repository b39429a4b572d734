from ast import literal_eval

from lxml import etree

from odoo.tests import Form, tagged

from .common import OTHER_CHANNEL, SmsJobsCase

ACTION = "queue_job_config.action_sms_jobs"
SHOWN = {
    "name",
    "channel",
    "state",
    "retry",
    "eta",
    "waited",
    "exec_time",
    "exc_name",
    "exc_message",
}


@tagged("post_install", "-at_install")
class TestViews(SmsJobsCase):
    """The screens as the web client gets them, for each role."""

    def _views(self, role):
        """Return the parsed list, form and search views of the action."""
        action = self.env.ref(ACTION)
        views = [*action.views, (action.search_view_id.id, "search")]
        model = self.as_user(role, self.env["queue.job"])
        loaded = model.get_views(views)["views"]
        return {name: etree.fromstring(view["arch"]) for name, view in loaded.items()}

    def _fields(self, arch):
        return set(arch.xpath("//field/@name"))

    def test_the_action_opens_our_own_views(self):
        action = self.env.ref(ACTION)
        opened = [
            self.env["ir.ui.view"].browse(id_).xml_id for id_, _mode in action.views
        ]
        self.assertEqual(
            opened,
            [
                "queue_job_config.view_sms_job_list",
                "queue_job_config.view_sms_job_form",
            ],
        )

    def test_queue_jobs_own_views_stay_the_default_ones(self):
        for mode in ("list", "form", "search"):
            view_id = self.env["ir.ui.view"].default_view("queue.job", mode)
            xmlid = self.env["ir.ui.view"].browse(view_id).xml_id
            self.assertTrue(xmlid.startswith("queue_job."), xmlid)

    def test_list_and_form_show_what_an_operator_needs(self):
        views = self._views("operator")
        for mode in ("list", "form"):
            self.assertLessEqual(SHOWN, self._fields(views[mode]))

    def test_no_view_names_arguments_or_traces(self):
        hidden = {"args", "kwargs", "func_string", "exc_info", "result", "records"}
        for role in ("viewer", "operator", "manager"):
            for arch in self._views(role).values():
                self.assertFalse(hidden & self._fields(arch))

    def test_only_operators_and_managers_get_the_requeue_button(self):
        for role, expected in (("viewer", 0), ("operator", 1), ("manager", 1)):
            views = self._views(role)
            with self.subTest(role=role):
                buttons = views["form"].xpath("//button[@name='requeue']")
                self.assertEqual(len(buttons), expected)
                buttons = views["list"].xpath("//button[@name='requeue']")
                self.assertEqual(len(buttons), 2 * expected)

    def test_nobody_creates_edits_or_deletes_jobs_on_these_screens(self):
        views = self._views("manager")
        for mode in ("list", "form"):
            for right in ("create", "edit", "delete"):
                self.assertEqual(views[mode].get(right), "0")

    def test_the_first_look_is_at_unfinished_jobs_by_state(self):
        action = self.env.ref(ACTION)
        context = action._get_action_dict()["context"]
        for name in ("not_done", "group_by_state"):
            self.assertIn(f"'search_default_{name}': 1", context)
            self.assertTrue(
                self._views("operator")["search"].xpath(f"//filter[@name='{name}']")
            )

    def test_a_manager_finds_only_sms_jobs_in_this_menu(self):
        ours = self.make_job()
        theirs = self.make_job(channel=OTHER_CHANNEL)
        domain = self.env.ref(ACTION)._get_action_dict()["domain"]
        jobs = self.as_user("manager", self.env["queue.job"])
        found = jobs.search(literal_eval(domain)).sudo()
        self.assertIn(ours, found)
        self.assertNotIn(theirs, found)

    def test_a_job_opens_and_the_button_follows_its_state(self):
        job = self.as_user("operator", self.make_job(exc_message="no such token"))
        form = Form(job, view="queue_job_config.view_sms_job_form")
        self.assertEqual(form.exc_message, "no such token")
        [button] = self._views("operator")["form"].xpath("//button[@name='requeue']")
        self.assertEqual(button.get("invisible"), "state != 'failed'")

    def test_the_list_loads_grouped_by_state(self):
        self.make_job()
        jobs = self.as_user("operator", self.env["queue.job"])
        groups = jobs.formatted_read_group(
            [("channel", "=", "root.sms.send")], ["state"], ["__count"]
        )
        self.assertIn("failed", [group["state"] for group in groups])
