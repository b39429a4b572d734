"""``make screenshots``: the pictures of the documentation, taken on a running demo.

``SCREENSHOTS=guide`` takes those of the user guide alone.
"""

import os
import sys
import time

import requests

from dev.stack import Stack
from tests.chatroom_page import ChatroomPage
from tests.chrome import Chrome
from tests.days import DAYS, HEIGHT, WIDTH
from tests.days.scene import Scene
from tests.photographer import IMAGES, Photographer

LANGUAGES = {"en": None, "pt_BR": "pt_BR"}
CAMPAIGNS = "action-contacts_realcred.contacts_realcred_campaign_action"
# Even a demo's secret address is nothing to publish.
HIDE_SECRETS = """
document.querySelectorAll(".o_field_CopyClipboardChar span").forEach((span) => {
    span.textContent = span.textContent.replace(/webhook\\/[^/]+/, "webhook/•••");
}), null
"""


def manager(photographer: Photographer) -> None:
    """The campaign manager's screens."""
    photographer.open(CAMPAIGNS)
    photographer.click_text(".o_data_cell", "Demo: press Send SMS")
    photographer.click("button[name=action_send_campaign]")
    photographer.click(".modal .btn-primary")
    photographer.browser.wait(
        "Number(document.querySelector('[data-figure=delivered]')?.textContent) > 0"
    )
    photographer.shoot("campaign-progress", 6)
    photographer.open("sms-jobs")
    photographer.click(".o_facet_remove")
    photographer.shoot("jobs", 2)
    photographer.open("sms-messages")
    photographer.shoot("messages")
    photographer.open("sms-messages/new", ".o_form_view")
    photographer.shoot("message-new")


def chatter(photographer: Photographer, stack: Stack) -> None:
    """A contact whose chatter shows the SMS and the reply."""
    photographer.open("sms-replies")
    photographer.click_text(".o_data_cell", "SIM QUERO")
    photographer.click(".o_field_widget[name=partner_id] a.o_form_uri")
    photographer.browser.wait("document.querySelector('.o-mail-Message')")
    photographer.shoot("contact-chatter", 2)
    photographer.click("button[name=action_view_sms_timeline]")
    photographer.browser.wait("document.querySelector('.o_list_view')")
    photographer.shoot("contact-timeline", 2)


def salesperson(photographer: Photographer, stack: Stack) -> None:
    """The salesperson's screens: an answer that is delivered, and one refused."""
    page = ChatroomPage(photographer.browser, stack.url)
    number = page.number_of("SIM QUERO")
    fate = f"{stack.simulator.url}/_control/fate"
    requests.post(fate, json={"phone": number, "code": 3}, timeout=30)
    page.open(number)
    page.attend()
    answer = "Bom dia! Consigo R$ 4.200,00 em 84 vezes. Posso ligar agora?"
    page.write(answer)
    page.wait_for_line(answer, "sent", "Delivered")
    photographer.shoot("chatroom")
    page.open(page.number_of("SAIR"))
    page.attend()
    page.write("Tem certeza? A oferta vale até amanhã.")
    page.refusal()
    photographer.shoot("chatroom-refused")
    dialog(photographer, ChatroomPage(photographer.browser, stack.url))


def dialog(photographer: Photographer, page: ChatroomPage) -> None:
    """Text, segments and price of an SMS before it is sent; and who waits."""
    page.open(page.number_of("Quero saber mais"))
    page.attend()
    page.click(".o_chatroom_details")
    photographer.click_text("button", "Write an SMS")
    box = ".modal .o_field_widget[name=body] textarea"
    photographer.click(box)
    page.browser.run(f"document.querySelector('{box}').focus()")
    page.browser.send("Input.insertText", text="Olá! Você tem R$ 4.200,00 disponíveis.")
    page.browser.run("document.activeElement.blur()")
    photographer.shoot("chatroom-dialog", 2)
    photographer.open("sms-waiting")
    photographer.shoot("chatroom-waiting", 2)
    photographer.open("chat-all-channels")
    photographer.shoot("chatroom-channels", 2)


def administrator(photographer: Photographer) -> None:
    """The administrator's screens, without the secret path."""
    photographer.open("sms-answer-times")
    photographer.shoot("answer-times", 2)
    photographer.open("sms-providers")
    photographer.click(".o_data_row .o_data_cell")
    photographer.click("button[name=action_check_connection]")
    photographer.browser.wait("document.querySelector('.o_notification')")
    time.sleep(2)
    photographer.browser.run(HIDE_SECRETS)
    photographer.shoot("provider", 0)


def overall() -> None:
    """A demo under a name of its own: the pictures beside the guide's."""
    stack = Stack("screenshots", workers=0)
    try:
        stack.start()
        stack.run_demo("--recipients", "2000")
        with Chrome() as browser:
            manager(Photographer(browser, stack, "manager"))
            chatter(Photographer(browser, stack, "manager"), stack)
        with Chrome() as browser:
            salesperson(Photographer(browser, stack, "salesperson"), stack)
        with Chrome() as browser:
            administrator(Photographer(browser, stack, "admin"))
    finally:
        stack.stop()


def guide(folder: str, language: str | None) -> None:
    """The days of all roles in one language."""
    stack = Stack(f"screenshots_{folder.lower()}", workers=0, lang=language)
    try:
        stack.start()
        scene = Scene(stack).prepare()
        for day in DAYS:
            with Chrome(WIDTH, HEIGHT) as browser:
                day(browser, scene, IMAGES / "guide" / folder).live()
    finally:
        stack.stop()


def main() -> int:
    """Take all pictures."""
    if os.environ.get("SCREENSHOTS") != "guide":
        overall()
    for folder, language in LANGUAGES.items():
        guide(folder, language)
    return 0


if __name__ == "__main__":
    sys.exit(main())
