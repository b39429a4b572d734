"""The salesperson: reads who has answered, answers, and writes one SMS by hand."""

from tests.chatroom_page import ChatroomPage
from tests.days.day import Day
from tests.days.scene import ASKED, CELIA, COLLEAGUES, HELENA, MATEUS, RENATO, digits

ANSWER = "Bom dia, Helena! Ficam 84 parcelas de R$ 98,20. Posso ligar agora?"
CHAT_ANSWER = "Claro, Renato. Ligo amanhã às 9h."
# Longer than one SMS, because of its accents: the screen says so before it is sent.
SINGLE = (
    "Olá, Célia! Sua proposta já está pronta e a liberação leva até dois dias úteis."
    " Qualquer dúvida, é só responder."
)
# What only others see in the menu.
HIDDEN = ("overview", "runs", "jobs", "templates", "configuration", "contact_imports")


class SalespersonDay(Day):
    """Vera answers the customers of her campaign, and sees no others."""

    login = "salesperson"

    def live(self) -> None:
        """From the first reply to an SMS of her own."""
        self.read_replies()
        self.answer_one()
        self.answer_in_the_chatroom()
        self.look_at_the_timeline()
        self.write_one()
        self.may_not_more()

    def read_replies(self) -> None:
        """Her own, and nobody else's."""
        self.open("sms-replies", ".o_list_view .o_data_row")
        self.see(".o_data_row", ASKED[HELENA.name])
        assert not any(ASKED[MATEUS.name] in row for row in self.rows())
        self.shoot("salesperson-replies")

    def answer_one(self) -> None:
        phone = digits(HELENA.phone)
        self.row(ASKED[HELENA.name])
        self.see(".o_field_widget[name=conversation]", ASKED[HELENA.name])
        self.button("action_reply", ".o_statusbar_buttons")
        self.fill("body", ANSWER, ".modal")
        self.until(lambda: self.number(".modal [name=char_count]") == len(ANSWER))
        self.shoot("salesperson-answer")
        self.button("action_send", ".modal")
        self.until(lambda: ANSWER in self.received(phone), "the answer did not arrive")
        assert self.received(phone).count(ANSWER) == 1
        assert self.answer_kind(ASKED[HELENA.name]) == "sms"
        self.see(".o_field_widget[name=conversation]", ANSWER)

    def answer_in_the_chatroom(self) -> None:
        """The tick below her line goes on by itself until it is delivered."""
        phone = digits(RENATO.phone)
        page = ChatroomPage(self.browser, self.url)
        page.open(page.number_of(ASKED[RENATO.name]))
        page.attend()
        page.write(CHAT_ANSWER)
        page.wait_for_line(CHAT_ANSWER, "sent")
        # The icon of what the customer's phone has.
        self.see(".o_chatroom_line:has(.fa-check-circle)", CHAT_ANSWER)
        assert self.received(phone).count(CHAT_ANSWER) == 1
        assert self.answer_kind(ASKED[RENATO.name]) == "sms"
        assert not page.reloaded
        self.shoot("salesperson-chatroom")

    def look_at_the_timeline(self) -> None:
        self.open(f"res.partner/{self.partner(HELENA.name)}", ".o_form_view")
        self.button("action_view_sms_timeline")
        self.see(".o_list_view .o_data_row", ANSWER)
        rows = self.rows()
        # The campaign's SMS, the customer's reply, her answer; the latest first.
        assert len(rows) == 3 and ANSWER in rows[0], rows
        self.shoot("salesperson-timeline")

    def write_one(self) -> None:
        phone = digits(CELIA.phone)
        self.open("sms-messages/new", ".o_form_view")
        self.choose("partner_id", CELIA.name)
        self.fill("body", SINGLE)
        self.until(lambda: self.number(".o_field_widget[name=sms_count]") == 2)
        self.shoot("salesperson-single")
        self.button("action_send")
        self.see(".o_arrow_button_current[data-value=delivered]")
        assert self.received(phone).count(SINGLE) == 1

    def may_not_more(self) -> None:
        """No campaigns, no colleague's messages, no screens of the others."""
        self.open("sms-messages", ".o_list_view")
        for name in HIDDEN:
            assert not self.there(f"[data-menu-xmlid='sms_base_sr.menu_sms_{name}']")
        asked = [["body", "=", ASKED[MATEUS.name]]]
        assert self.call("sms.message", "search_count", asked)["result"] == 0
        found = self.sql(
            "SELECT id FROM contacts_realcred_campaign"
            f" WHERE name_campaign = '{COLLEAGUES}'"
        )
        refused = "odoo.exceptions.AccessError"
        model = "contacts.realcred.campaign"
        for method in ("action_send_campaign", "action_sms_plan", "action_sms_cancel"):
            assert self.call(model, method, [int(found)]) == {"error": refused}
        assert self.call("sms.watch", "read_overview") == {"error": refused}

    # -- behind the screens ------------------------------------------------------------

    def answer_kind(self, text: str) -> str:
        return self.sql(
            "SELECT answer_kind FROM sms_message"
            f" WHERE direction = 'incoming' AND body = '{text}'"
        )

    def partner(self, name: str) -> str:
        return self.sql(f"SELECT id FROM res_partner WHERE name = '{name}'")
