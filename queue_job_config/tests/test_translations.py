from pathlib import Path

import polib

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SmsJobsCase

I18N = Path(__file__).parents[1] / "i18n"


@tagged("post_install", "-at_install")
class TestTranslations(SmsJobsCase):
    """The screens of Brazilian supervisors are in Portuguese throughout."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("pt_BR")
        module = cls.env.ref("base.module_queue_job_config")
        module._update_translations(["pt_BR"])

    def test_every_term_is_translated(self):
        template = polib.pofile(str(I18N / "queue_job_config.pot"))
        brazil = polib.pofile(str(I18N / "pt_BR.po"))
        self.assertEqual({e.msgid for e in template}, {e.msgid for e in brazil})
        # The same word in both languages is left empty by convention.
        untranslated = brazil.untranslated_entries() + brazil.fuzzy_entries()
        self.assertEqual([entry.msgid for entry in untranslated], ["ID"])

    def test_states_are_translated_though_queue_job_has_no_portuguese(self):
        jobs = self.env["queue.job"].with_context(lang="pt_BR")
        states = dict(jobs.fields_get(["state"])["state"]["selection"])
        self.assertEqual(states["failed"], "Com falha")
        self.assertEqual(states["pending"], "Pendente")
        self.assertEqual(len(states), 7)

    def test_the_screens_are_translated(self):
        jobs = self.as_user("operator", self.env["queue.job"])
        view = self.env.ref("queue_job_config.view_sms_job_list")
        arch = jobs.with_context(lang="pt_BR").get_view(view.id, "list")["arch"]
        for term in ("Recolocar na fila", "Tentativas", "Mensagem de erro"):
            self.assertIn(term, arch)

    def test_refusals_are_translated(self):
        job = self.as_user("viewer", self.make_job()).with_context(lang="pt_BR")
        with self.assertRaisesRegex(AccessError, "Somente operadores"):
            job.requeue()
