from odoo.addons.sms_base_sr.tests.common import SmsHttpCase

from ..controllers import short_link as controller
from .link_case import TARGET, LinkCase
from .test_tools_previews import ANDROID, PREVIEWS

HOSTILE = [
    ("abc", "0000000000"),
    ("abc", "..%2F..%2Fweb"),
    ("abc", "%00%00"),
    ("abc", "a" * 2000),
    ("%C3%A9", "0000000000"),
    ("'%20OR%201=1", "0000000000"),
]


class TestLinkRoute(LinkCase, SmsHttpCase):
    """The address itself, over HTTP."""

    def setUp(self):
        super().setUp()
        self.sent = self.linked_run(3)
        self.message = self.messages(self.sent)[0]
        [(self.code, self.key)] = self.links_in(self.message)

    def open(self, code=None, key=None, agent=ANDROID, **options):
        """Open a link as a telephone does; nobody follows where it leads."""
        path = f"/r/{code or self.code}/{key or self.key}"
        options.setdefault("headers", {})["User-Agent"] = agent
        answer = self.url_open(path, allow_redirects=False, **options)
        self.env.invalidate_all()
        return answer

    def test_it_leads_to_the_target_and_is_counted(self):
        answer = self.open()
        self.assertEqual(answer.status_code, 302)
        self.assertTrue(answer.headers["Location"].startswith(f"{TARGET}?utm_"))
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(self.clicks(self.sent).sms_message_id, self.message)
        self.assertEqual(self.summary(self.sent)["clicked"], 1)

    def test_previews_are_led_on_and_not_counted(self):
        for name, agent in PREVIEWS.items():
            with self.subTest(name=name):
                agent = agent.strip()
                answer = self.open(agent=agent)
                self.assertEqual(answer.status_code, 302)
                self.assertTrue(answer.headers["Location"].startswith(TARGET))
        self.assertFalse(self.clicks(self.sent))

    def test_a_head_is_not_counted(self):
        self.assertEqual(self.open(method="HEAD").status_code, 302)
        self.assertFalse(self.clicks(self.sent))

    def test_prefetching_is_not_counted(self):
        self.open(headers={"Sec-Purpose": "prefetch;prerender"})
        self.assertFalse(self.clicks(self.sent))

    def test_what_we_have_not_made_is_not_found(self):
        neighbour = self.key[:4] + ("1" if self.key[4] != "1" else "2") + self.key[5:]
        for code, key in [
            *HOSTILE,
            (self.code, neighbour),
            (self.code, self.key[::-1]),
        ]:
            with self.subTest(code=code, key=key[:20]):
                answer = self.open(code, key)
                self.assertEqual(answer.status_code, 404)
                self.assertNotIn("Location", answer.headers)
        self.assertFalse(self.clicks(self.sent))

    def test_an_address_in_the_address_leads_nowhere(self):
        answer = self.url_open("/r/abc/https:%2F%2Fevil.example")
        self.assertEqual(answer.status_code, 404)
        self.assertTrue(answer.url.startswith(self.base_url()))

    def test_no_parameter_leads_elsewhere(self):
        for query in ("?url=https://evil.example", "?redirect=//evil.example", "?r=1"):
            answer = self.open(key=f"{self.key}{query}")
            self.assertTrue(answer.headers["Location"].startswith(TARGET))

    def test_a_wrong_key_asks_the_database_for_nothing_of_ours(self):
        self.patch(type(self.env["link.tracker"]), "_sms_of_code", lambda *args: 1 / 0)
        self.assertEqual(self.open(key="0" * 10).status_code, 404)

    def test_the_link_outlives_its_message(self):
        self.message.sudo().body = "—"
        self.assertEqual(self.open().status_code, 302)
        self.message.unlink()
        answer = self.open()
        self.assertEqual(answer.status_code, 302)
        self.assertTrue(answer.headers["Location"].startswith(TARGET))

    def test_a_deleted_link_is_not_found(self):
        self.trackers(self.sent).unlink()
        self.assertEqual(self.open().status_code, 404)

    def test_who_opens_it_all_day_is_counted_a_few_times(self):
        for _time in range(controller.CLICKS_OF_MESSAGE + 5):
            self.assertEqual(self.open().status_code, 302)
        clicks = len(self.clicks(self.sent))
        self.assertGreaterEqual(clicks, controller.CLICKS_OF_MESSAGE)
        self.assertLess(clicks, controller.CLICKS_OF_MESSAGE + 5)

    def test_so_many_of_one_address_count_and_all_are_led_on(self):
        self.patch(controller, "CLICKS_OF_ADDRESS", 2)
        for message in self.messages(self.sent):
            [(code, key)] = self.links_in(message)
            self.assertEqual(self.open(code, key).status_code, 302)
        self.assertEqual(len(self.clicks(self.sent)), 2)

    def test_a_colleague_who_tries_it_is_not_counted(self):
        self.authenticate(self.manager.login, self.manager.login)
        self.assertEqual(self.open().status_code, 302)
        self.assertFalse(self.clicks(self.sent))

    def test_it_tells_nothing_of_the_customer(self):
        self.authenticate(None, None)
        answer = self.open()
        told = f"{answer.text}{answer.headers}"
        for secret in (self.message.phone, self.message.phone[3:], "Ana"):
            self.assertNotIn(secret, told)

    def test_cores_own_links_lead_on_as_before(self):
        [tracker] = self.trackers(self.sent)
        answer = self.url_open(f"/r/{tracker.code}", allow_redirects=False)
        self.assertEqual(answer.status_code, 301)
