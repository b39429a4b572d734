import time

from odoo import SUPERUSER_ID, http
from odoo.http import request

from odoo.addons.sms_base_sr.tools.caller_limit import CallerLimit
from odoo.addons.sms_base_sr.tools.client_address import caller_of

from ..tools.previews import is_person

# So many clicks a minute count; beyond it links lead on, and nothing is written. A
# mobile network puts thousands of customers behind one address.
CLICKS_OF_MESSAGE = 10
CLICKS_OF_ADDRESS = 1200

messages = CallerLimit()
addresses = CallerLimit()

NOT_FOUND = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>404</title>"
    "<meta name='viewport' content='width=device-width'></head>"
    "<body><h1>404</h1></body></html>"
)


class SmsShortLink(http.Controller):
    """Leads on whoever opens the link of an SMS, and notes that it was opened."""

    @http.route(
        "/r/<string:code>/<string:key>",
        type="http",
        auth="public",
        methods=["GET", "HEAD"],
        save_session=False,
        sitemap=False,
    )
    def sms_short_link(self, code, key, **_kwargs):
        trackers = request.env(user=SUPERUSER_ID)["link.tracker"]
        message_id = trackers._sms_read_key(code, key)
        # Of a wrong key nothing is looked up.
        found = message_id is not None and trackers._sms_of_code(code)
        if not found or not found.redirected_url:
            return self._not_found()
        if self._counts(message_id):
            found._sms_click(message_id, request.geoip.country_code)
        answer = request.redirect(found.redirected_url, code=302, local=False)
        # Kept by nobody: else who comes again by another way is not counted.
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    def _not_found(self):
        headers = [("Content-Type", "text/html; charset=utf-8")]
        return request.make_response(NOT_FOUND, headers, status=404)

    def _counts(self, message_id):
        """Whether a person opens it, and not one more time out of many."""
        http_request = request.httprequest
        bot = not is_person(http_request.method, http_request.headers)
        if bot or request.env["ir.http"].is_a_bot():
            return False
        # A colleague who tries the link in a chatter is no customer.
        if request.env.user._is_internal():
            return False
        address = request.db, caller_of(http_request.remote_addr or "")
        message = request.db, message_id
        return self._take(messages, message, CLICKS_OF_MESSAGE) and self._take(
            addresses, address, CLICKS_OF_ADDRESS
        )

    def _take(self, limit, caller, per_minute):
        now = time.monotonic()
        if limit.held(caller, per_minute, now):
            return False
        limit.spend(caller, per_minute, now)
        return True
