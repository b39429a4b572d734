"""Data protection: who is not texted, what is held on whom, who did what, who approves.

The administrator's second day: supervisors see all of it but erasing and the audit log.
"""

import tempfile
from pathlib import Path

from tests.days.administrator import SETTINGS
from tests.days.day import Day
from tests.days.scene import CELIA, HELENA, digits
from tests.demo import campaign, recipients

REGISTER = "Não Perturbe"
LISTED = "telefone;nome\n(11) 98765-7001;Ana\n11987657002;Bia\nsem número;Caio\n"
WORDS = "Li e aceito receber ofertas por SMS."
REQUEST = "Pedido 2026/17"
LARGE = "Oferta de dezembro"
APPROVAL = ".o_field_widget[name=sms_approval_count]"
CAMPAIGNS = "action-contacts_realcred.contacts_realcred_campaign_action"


class SafetyDay(Day):
    """Who answers for people's data, and for what is sent."""

    login = "admin"

    def live(self) -> None:
        """From the rules to a person who wants to be forgotten."""
        self.set_rules()
        self.load_a_register()
        self.record_a_consent()
        self.approve()
        self.look_at_a_person()
        self.erase_her()
        self.read_the_audit_log()

    # -- the rules ---------------------------------------------------------------------

    def set_rules(self) -> None:
        """Two years of texts; campaigns above 50 SMS want a second person."""
        self.open(SETTINGS, ".o_field_widget[name=sms_keep_months]")
        self.fill("sms_keep_months", "24")
        self.fill("sms_audit_months", "60")
        self.fill("sms_approval_count", "50")
        self.scroll_to(f"h2:has(+ * {APPROVAL})")
        self.shoot("safety-settings")
        self.browser.run("window.beforeSaving = true, null")
        self.press(".o_form_button_save")
        self.browser.wait(
            "!window.beforeSaving"
            " && document.querySelector('.o_field_widget[name=sms_keep_months]')"
        )
        rules = "SELECT sms_keep_months || '/' || sms_approval_count FROM res_company"
        assert self.sql(rules) == "24/50", self.sql(rules)

    # -- who is not texted -------------------------------------------------------------

    def load_a_register(self) -> None:
        """A line without a number is told; the rest holds at once."""
        self.open("sms-do-not-disturb", ".o_list_view")
        self.press(".o_list_button_add")
        self.fill("name", REGISTER)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "nao-perturbe.csv"
            path.write_text(LISTED)
            self.attach("file", path)
            self.see(".o_field_widget[name=file] .fa-pencil")
        self.button("action_load")
        state = "SELECT state || number_count FROM sms_do_not_disturb"
        self.until(lambda: self.sql(state) == "active2", "the list was not loaded")
        self.see(".o_statusbar_status [data-value=active].o_arrow_button_current")
        self.see(".o_field_widget[name=problems]", "sem número")
        self.shoot("safety-do-not-disturb")

    def record_a_consent(self) -> None:
        self.open("sms-consents", ".o_list_view")
        self.press(".o_list_button_add")
        self.choose("partner_id", CELIA.name)
        self.fill("source", "Ficha de cadastro, loja Centro")
        self.fill("evidence", WORDS)
        self.save()
        self.shoot("safety-consent")
        held = "SELECT evidence FROM sms_consent WHERE revoked_date IS NULL"
        assert self.sql(held) == WORDS

    # -- four eyes ---------------------------------------------------------------------

    def approve(self) -> None:
        """What the manager has planned leaves once somebody else has said yes."""
        manager = self.scene.manager
        people = recipients.make(80, seed=9)
        large = campaign.import_contacts(manager, LARGE, people, "realcred_margem")
        manager.call("contacts.realcred.campaign", "action_sms_plan", ids=[large])
        wanted = f"SELECT approval FROM sms_run WHERE name = '{LARGE}'"
        self.until(lambda: self.sql(wanted) == "wanted", "it was not planned")
        self.open(f"{CAMPAIGNS}/{large}", ".o_sms_approval")
        self.shoot("safety-approval")
        self.press(".o_sms_approval button")
        self.confirm()
        self.until(lambda: self.sql(wanted) == "given", "it was not approved")
        self.open("sms-approvals", ".o_list_view .o_data_row")
        self.see(".o_data_row", LARGE)
        self.shoot("safety-approvals")

    # -- a person's data ---------------------------------------------------------------

    def look_at_a_person(self) -> None:
        """By number: messages, chatter, ChatRoom, events, lists, with their counts."""
        self.open("sms-personal-data", ".o_form_view")
        self.fill("phone", HELENA.phone)
        self.button("action_look")
        self.see(".o_field_widget[name=found]", "Helena")
        self.shoot("safety-person")

    def erase_her(self) -> None:
        """Nothing leads to her any more; that she was texted still counts."""
        count = "SELECT count(*) FROM sms_message"
        before = self.sql(count)
        self.button("action_erase")
        self.fill("reason", REQUEST, ".modal")
        self.tick("erase_partners")
        # The word that the dialog asks for, in the user's language.
        word = ".modal .o_field_widget[name=word] input"
        self.see(word)
        asked = self.browser.run(f"document.querySelector('{word}').placeholder")
        self.fill("word", asked, ".modal")
        self.shoot("safety-erase")
        self.button("action_erase", ".modal")
        self.press(".modal:not(:has([name=reason])) footer .btn-primary")
        done = f"SELECT state FROM sms_erasure WHERE reason = '{REQUEST}'"
        self.until(lambda: self.sql(done) == "done", "it was not erased")
        self.open("sms-erasures", ".o_list_view .o_data_row")
        self.shoot("safety-erasures")
        number = f"+55{digits(HELENA.phone)}"
        left = f"SELECT count(*) FROM sms_message WHERE phone = '{number}'"
        assert self.sql(left) == "0" and self.sql(count) == before
        known = "SELECT count(*) FROM res_partner WHERE name LIKE 'Helena Prado%'"
        assert self.sql(known) == "0"

    def read_the_audit_log(self) -> None:
        """Who did what, without a customer's name or number."""
        self.open("sms-audit", ".o_list_view .o_data_row")
        self.shoot("safety-audit")
        actions = self.sql("SELECT string_agg(DISTINCT action, ' ') FROM sms_audit")
        assert {"approve", "erase", "report", "plan", "write"} <= set(actions.split())
        text = self.browser.run("document.querySelector('.o_list_table').textContent")
        assert "Helena" not in text and digits(HELENA.phone) not in text
