"""Who opens a link without a person wanting to read it: programs and previews."""

from collections.abc import Mapping

# Parts of user agents, in lower case. Browsers inside apps (FBAN, Instagram, GSA) are
# people, and in none of them.
PREVIEWS = (
    "whatsapp/",
    "facebookexternalhit",
    "facebot",
    "facebookcatalog",
    "meta-externalagent",
    "meta-externalfetcher",
    "telegrambot",
    "twitterbot",
    "slackbot",
    "slack-imgproxy",
    "linkedinbot",
    "discordbot",
    "skypeuripreview",
    "viber",
    "google-",
    "-google",
    "googlebot",
    "googleother",
    "googlemessages",
    "chrome-lighthouse",
    "applebot",
    "cfnetwork",
    "bingbot",
    "bingpreview",
    "yandex",
    "bytespider",
    "petalbot",
    "iframely",
    "embedly",
    "headlesschrome",
    "bot/",
    "bot;",
    "crawler",
    "spider",
    "curl/",
    "wget/",
    "python-",
    "go-http-client",
    "okhttp",
    "java/",
    "axios",
    "scrapy",
)
# Browsers and apps that fetch before anybody asks for it.
PREFETCH_HEADERS = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")
PREFETCH_WORDS = ("prefetch", "preview", "prerender")


def is_person(method: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a request looks like somebody who opens a link."""
    if method != "GET":
        return False
    agent = (headers.get("User-Agent") or "").lower().strip()
    if not agent or any(word in agent for word in PREVIEWS):
        return False
    hints = " ".join(headers.get(name) or "" for name in PREFETCH_HEADERS).lower()
    return not any(word in hints for word in PREFETCH_WORDS)
