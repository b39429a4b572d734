import base64
import csv
import io

from odoo.addons.sms_base_sr.models import sms_contact_import_job

from .common import CampaignCase

HEADER = "Nome;CPF;Telefone;Limite atualizado;Valor"


class ImportCase(CampaignCase):
    """Imports of a campaign manager; a page of the job has three lines."""

    def setUp(self):
        super().setUp()
        self.imports = self.env["sms.contact.import"].with_user(self.manager)
        self.patch(sms_contact_import_job, "PAGE", 3)

    def new_import(self, content, name="lista.csv", **values):
        """An import whose file was looked at."""
        data = content.encode() if isinstance(content, str) else content
        record = self.imports.create(
            {
                "res_model": self.campaign._name,
                "res_id": self.campaign.id,
                "file": base64.b64encode(data),
                "file_name": name,
                **values,
            }
        )
        record.action_read_file()
        return record

    def imported(self, content, **values):
        """An import that has run."""
        record = self.new_import(content, **values)
        record.action_import()
        self.run_jobs("_run_import")
        return record

    def lines(self, *lines):
        return "\n".join([HEADER, *lines])

    def contacts(self):
        return self.env["contacts.realcred.batch"].search(
            [("campaing_id", "=", self.campaign.id)], order="id"
        )

    def refusals(self, record):
        """{line: reason} of what was refused."""
        lines = self.env["sms.contact.import.line"].search(
            [("import_id", "=", record.id), ("state", "=", "refused")]
        )
        return {line.number: line.reason for line in lines}

    def report(self, record):
        """The rows of the report."""
        text = record._refused_csv().decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text), delimiter=";"))

    def many(self, count=8):
        return self.lines(*(f"C{n};;1191234567{n};;" for n in range(count)))

    def step(self, record):
        """One transaction of the job."""
        more = record._next_step()
        self.env.flush_all()
        return more
