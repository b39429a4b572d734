"""Who counts as somebody who has opened a link."""

import unittest

from odoo.addons.sms_base_sr_link.tools.previews import is_person

ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155M) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
PEOPLE = {
    "Chrome on Android": ANDROID,
    "Safari on iPhone": IPHONE,
    "Samsung Internet": ANDROID.replace("Chrome", "SamsungBrowser/25.0 Chrome"),
    "inside Facebook": f"{IPHONE} [FBAN/FBIOS;FBAV/480.0.0;FBBV/1]",
    "inside Instagram": f"{IPHONE} Instagram 350.0.0.0",
    "inside the Google app": f"{IPHONE} GSA/340.0.0",
    "Firefox": "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "an old telephone": "Nokia6300/2.0 Profile/MIDP-2.0 Configuration/CLDC-1.1",
}
PREVIEWS = {
    "WhatsApp": "WhatsApp/2.24.20.89 A",
    "WhatsApp on iPhone": "WhatsApp/24.20.79 i",
    "Facebook": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Apple Messages": (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, "
        "like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot "
        "Twitterbot/1.0"
    ),
    "Applebot": f"{IPHONE} (Applebot/0.1; +http://www.apple.com/go/applebot)",
    "Apple's loader": "com.apple.WebKit.Networking/8619 CFNetwork/1568 Darwin/24.0.0",
    "Googlebot": f"{ANDROID} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Google's inspection": f"{ANDROID} (compatible; Google-InspectionTool/1.0)",
    "Google read aloud": f"{ANDROID} (compatible; Google-Read-Aloud)",
    "Google's APIs": "APIs-Google (+https://developers.google.com/webmasters/APIs-Google.html)",
    "Google's other fetches": "GoogleOther",
    "Telegram": "TelegramBot (like TwitterBot)",
    "Slack": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Bing": "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Skype": "Mozilla/5.0 SkypeUriPreview Preview/0.5",
    "Meta": "meta-externalagent/1.1",
    "LinkedIn": "LinkedInBot/1.0 (compatible; Mozilla/5.0)",
    "Discord": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "a program": "python-requests/2.32",
    "curl": "curl/8.5.0",
    "a browser without a window": ANDROID.replace("Chrome/", "HeadlessChrome/"),
    "nothing": "",
    "blanks": "  ",
}


class TestPeople(unittest.TestCase):
    """A preview leads on, and counts for nobody."""

    def test_people(self):
        for name, agent in PEOPLE.items():
            with self.subTest(name=name):
                self.assertTrue(is_person("GET", {"User-Agent": agent}))

    def test_previews(self):
        for name, agent in PREVIEWS.items():
            with self.subTest(name=name):
                self.assertFalse(is_person("GET", {"User-Agent": agent}))

    def test_nobody_reads_a_head(self):
        for method in ("HEAD", "OPTIONS", "POST"):
            with self.subTest(method=method):
                self.assertFalse(is_person(method, {"User-Agent": ANDROID}))

    def test_what_is_fetched_beforehand_was_not_opened(self):
        hints = [
            ("Purpose", "prefetch"),
            ("Sec-Purpose", "prefetch;prerender"),
            ("X-Purpose", "preview"),
            ("X-Moz", "prefetch"),
        ]
        for name, value in hints:
            with self.subTest(name=name):
                headers = {"User-Agent": ANDROID, name: value}
                self.assertFalse(is_person("GET", headers))

    def test_without_a_header_it_is_no_person(self):
        self.assertFalse(is_person("GET", {}))
