from .common import ChatroomSmsCase

CHANNELS = {
    "sms": "sms",
    "apichat.io": "whatsapp",
    "gupshup": "whatsapp",
    "waba_extern": "whatsapp",
    "facebook": "facebook",
    "instagram": "instagram",
    "wechat": "wechat",
    "not_set": "other",
}


class TestChannels(ChatroomSmsCase):
    """All channels, SMS, WhatsApp: badges and filters in views of our own."""

    def talks(self):
        """A conversation of each type of connector, by its type."""
        talks = {}
        for number, kind in enumerate(CHANNELS):
            connector = self.env["acrux.chat.connector"].create(
                {
                    "name": f"Of type {kind}",
                    "connector_type": kind,
                    "company_id": self.company.id,
                    "source": "/",
                    "token": f"token {number}",
                    "uuid": f"uuid {number}",
                }
            )
            talks[kind] = self.env["acrux.chat.conversation"].create(
                {
                    "name": kind,
                    "number": f"551191234000{number}",
                    "connector_id": connector.id,
                }
            )
        return talks

    def test_every_type_of_connector_has_its_channel(self):
        for kind, talk in self.talks().items():
            with self.subTest(kind=kind):
                self.assertEqual(talk.channel, CHANNELS[kind])

    def test_a_channel_can_be_searched_for(self):
        talks = self.talks()
        ids = [talk.id for talk in talks.values()]
        for channel in set(CHANNELS.values()):
            for operator in ("=", "!="):
                found = self.env["acrux.chat.conversation"].search(
                    [("id", "in", ids), ("channel", operator, channel)]
                )
                expected = {
                    talk.id
                    for kind, talk in talks.items()
                    if (CHANNELS[kind] == channel) == (operator == "=")
                }
                with self.subTest(channel=channel, operator=operator):
                    self.assertEqual(set(found.ids), expected)

    def test_the_last_message_is_one_line(self):
        talk = self.talks()["sms"]
        lines = {
            "Olá\nSenhora": "Olá Senhora",
            "": "(empty)",
        }
        for text, shown in lines.items():
            line = self.env["acrux.chat.message"].create(
                {"contact_id": talk.id, "text": text}
            )
            talk.invalidate_recordset(["last_text"])
            with self.subTest(text=text):
                self.assertEqual(talk.last_text, shown)
            line.unlink()

    def test_ours_and_pictures_are_told_apart(self):
        talk = self.talks()["apichat.io"]
        self.assertEqual(talk._as_preview("Oi", True, "text"), "You: Oi")
        self.assertEqual(talk._as_preview(None, False, "image"), "[image]")

    def test_the_apps_own_views_stay_as_they_are(self):
        """Ours are opened by our menu; the app's keep the first place."""
        views = self.env["ir.ui.view"]
        for kind in ("list", "kanban", "search"):
            view = views.browse(views.default_view("acrux.chat.conversation", kind))
            with self.subTest(kind=kind):
                self.assertTrue(view.xml_id.startswith("whatsapp_connector."))

    def test_the_menus_open(self):
        agent = self.new_user("agent", "whatsapp_connector.group_chat_basic_extra")
        menus = self.env["ir.ui.menu"].with_user(agent)._visible_menu_ids()
        for name, seen in {
            "menu_chat_all_channels": True,
            "menu_chat_waiting": True,
            "menu_sms_answer_times": False,
        }.items():
            with self.subTest(menu=name):
                menu = self.env.ref(f"contact_center_sms.{name}")
                self.assertEqual(menu.id in menus, seen)
