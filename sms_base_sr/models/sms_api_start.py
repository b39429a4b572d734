from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import api_input, text_template


class SmsApi(models.AbstractModel):
    """Campaigns that programs start, and what is told of them."""

    _inherit = "sms.api"

    def _campaign_models(self):
        """Hook: {model of the contacts: campaign that is made of a domain on it}."""
        return {"res.partner": "sms.api.campaign"}

    def _read_campaign(
        self, template, domain, model, name, values, message_class, start, latest
    ):
        """Check all arguments; the domain is tried with the user's own rights."""
        found = self._find_template(template)
        given = self._checked(
            api_input.message_class, message_class, found.message_class
        )
        content = {
            "template": found.code,
            "domain": self._checked(api_input.domain, domain),
            "model": model,
            "name": name or found.name,
            "values": self._checked(api_input.values, values),
            "message_class": given,
            "start": self._checked(api_input.moment, start, "start"),
            "latest": self._checked(api_input.moment, latest, "latest"),
        }
        self._check_campaign(content)
        return content

    def _check_campaign(self, content):
        models_known = self._campaign_models()
        if content["model"] not in models_known:
            known = ", ".join(sorted(models_known))
            raise UserError(self.env._("model: give one of %s.", known))
        if not isinstance(content["name"], str):
            raise UserError(self.env._("name: give a text."))
        if content["latest"] and not content["start"]:
            raise UserError(self.env._("start: give it, where latest is given."))
        try:
            contacts = self.env[content["model"]].sudo(False)
            contacts.search(Domain(content["domain"]), limit=1)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UserError(
                self.env._("domain: it cannot be searched: %s", error)
            ) from error

    def _start_once(self, reference, content):
        # As in sending: an error that is caught leaves nothing behind.
        with self.env.cr.savepoint():
            call, new = self._begin("campaign", reference, content)
            if new:
                campaign = self._make_campaign(content)
                self._start(campaign, content["start"], content["latest"])
                call.write(
                    {
                        "campaign_model": campaign._name,
                        "campaign_id": campaign.id,
                        "run_id": campaign.sms_run_id.id,
                    }
                )
        return self._answer(call, repeated=not new)

    def _make_campaign(self, content):
        campaigns = self._engine(self._campaign_models()[content["model"]])
        return campaigns.create(
            {
                "name": content["name"],
                "company_id": self.env.company.id,
                "domain": content["domain"],
                "message_class": content["message_class"],
                "common_values": content["values"],
                "sms_template_id": self._find_template(content["template"]).id,
            }
        )

    def _start(self, campaign, start, latest):
        """A text with a name that nobody gives is refused now, not in a job."""
        run = campaign._sms_new_run()
        try:
            run._compile(campaign)
        except (UserError, text_template.TemplateError) as error:
            raise UserError(self.env._("template: %s", error)) from error
        if start:
            run._schedule(start, latest)
            run.action_plan()
        else:
            run.action_send()

    def _answer_run(self, call):
        """The run's state and figures; 0 and empty where it is gone."""
        run = call.sudo().run_id
        summary = run.summary if run else {}
        return {
            "run_id": run.id or 0,
            "state": run.state or "",
            "approval": run.approval or "",
            "failure_reason": run.failure_reason or "",
            "counts": {
                name: summary.get(name, 0)
                for name in ("recipients", "planned", "sent", "delivered", "failed")
            },
            "excluded": summary.get("excluded", {}),
            "cost": summary.get("cost", 0),
        }
