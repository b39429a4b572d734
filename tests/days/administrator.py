"""The administrator: wires the gateway once, and says who may do what."""

import requests

from tests.days.day import Day
from tests.days.scene import COLLEAGUE

SETTINGS = "action-sms_base_sr.res_config_settings_action"
TEMPLATES = "action-sms_base_sr.sms_template_action"
SUFFIX = "Para sair, responda SAIR."
# Even a demo's secret address is nothing to publish.
HIDE_SECRETS = """
document.querySelectorAll(".o_sms_secret").forEach((element) => {
    element.textContent = element.textContent.replace(/webhook\\/[^/]+/, "webhook/•••");
}), null
"""


class AdministratorDay(Day):
    """Who keeps the account, the addresses, the rights and the texts."""

    login = "admin"

    def live(self) -> None:
        """From the account at the gateway to the texts."""
        self.check_the_account()
        self.make_an_address()
        self.secrets_stay_secret()
        self.look_at_roles()
        self.set_hours()
        self.look_at_a_template()

    # -- the gateway -------------------------------------------------------------------

    def check_the_account(self) -> None:
        """The token is right, the gateway answers, and names the balance."""
        self.sql("UPDATE sms_provider SET last_balance_check = NULL")
        self.open("sms-providers", ".o_list_view .o_data_row")
        self.press(".o_data_row .o_data_cell[name=name]")
        self.button("action_check_connection")
        self.see(".o_notification")
        checked = (
            "SELECT count(*) FROM sms_provider WHERE last_balance_check IS NOT NULL"
        )
        self.until(lambda: self.sql(checked) == "1")
        self.see(".o_field_widget[name=kolmeya_balance_text]", "R$")
        self.shoot("administrator-provider")

    def make_an_address(self) -> None:
        """It is shown once, the gateway can use it, and it is masked afterwards."""
        self.press(".nav-link[name=webhooks]")
        self.button("action_rotate_webhook_secret")
        self.confirm()
        address = self.read(".o_sms_secret")
        assert "/kolmeya/webhook/" in address, address
        answer = requests.post(address, json={}, timeout=30)
        # Nobody's report; but the address itself is known.
        assert answer.status_code not in (401, 403, 404), answer.status_code
        self.browser.run(HIDE_SECRETS)
        self.shoot("administrator-address")
        self.confirm()
        self.browser.wait("!document.querySelector('.modal')")
        secret = address.split("/webhook/")[1].split("/")[0]
        assert secret not in self.browser.run("document.documentElement.innerHTML")

    def secrets_stay_secret(self) -> None:
        """Neither the page nor the server's answer holds the token."""
        token = self.stack.keys()["token"]
        assert token not in self.browser.run(
            "document.documentElement.innerHTML"
            " + [...document.querySelectorAll('input')].map((e) => e.value).join()"
        )
        answer = self.call("sms.provider", "search_read", [])
        assert answer["result"] and token not in str(answer)

    # -- people and rules --------------------------------------------------------------

    def look_at_roles(self) -> None:
        found = self.sql(f"SELECT id FROM res_users WHERE login = '{COLLEAGUE[0]}'")
        self.open(f"users/{found}", ".o_form_view")
        self.see(".o_field_widget[name=name], .o_field_widget[name=login]")
        self.shoot("administrator-roles")

    def set_hours(self) -> None:
        """Three promotional SMS a week at most, and how to opt out below each."""
        self.open(SETTINGS, ".o_field_widget[name=sms_cap_promotional]")
        self.fill("sms_cap_promotional", "3")
        self.fill("sms_cap_promotional_days", "7")
        self.fill("sms_suffix", SUFFIX)
        self.shoot("administrator-settings")
        self.browser.run("window.beforeSaving = true, null")
        self.press(".o_form_button_save")
        # Odoo loads the page again, whatever one opens before it has.
        self.browser.wait(
            "!window.beforeSaving"
            " && document.querySelector('.o_field_widget[name=sms_cap_promotional]')"
        )
        cap = "SELECT sms_cap_promotional || '/' || sms_suffix FROM res_company"
        assert self.sql(cap) == f"3/{SUFFIX}"

    def look_at_a_template(self) -> None:
        self.open(TEMPLATES, ".o_list_view .o_data_row")
        self.row("Margem disponível")
        self.see(".o_field_widget[name=message_template]")
        self.see(".o_sms_template_preview .o_sms_bubble")
        self.shoot("administrator-template")
