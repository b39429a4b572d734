"""A transport that answers from a list, under a real ``requests.Session``."""

import io
import json

import requests
import urllib3
from requests.adapters import BaseAdapter

from odoo.addons.sms_base_sr.tools.outcomes import BatchRequest, OutgoingSms
from odoo.addons.sms_kolmeya.tools.gateway import KolmeyaGateway
from odoo.addons.sms_kolmeya.tools.kolmeya_api import KolmeyaAPI

TOKEN = "made-up-token-0001"
BASE_URL = "http://gateway.test/api/v1"


def answer(body=None, status=200, kind="application/json", **headers):
    """What the fake transport answers; ``body`` is JSON, text or bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    if body is None:
        content = b""
    if isinstance(body, str):
        content = body.encode()
    headers = {name.replace("_", "-"): text for name, text in headers.items()}
    return status, {"Content-Type": kind, **headers}, content


class FakeTransport(BaseAdapter):
    """Answers in turn, the last one for ever; an exception is raised instead.

    ``reads_body`` tells whether the body goes out before an exception strikes.
    """

    def __init__(self, *answers, reads_body=False):
        super().__init__()
        self.answers = list(answers)
        self.reads_body = reads_body
        self.calls = []
        self.closed = 0

    def send(self, request, **options):
        body = request.body
        following = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(following, BaseException):
            if self.reads_body:
                body.read()
            self.calls.append((request, None, options))
            raise following
        self.calls.append((request, json.loads(body.read()), options))
        return self._response(request, *following)

    def _response(self, request, status, headers, content):
        response = requests.Response()
        response.status_code = status
        response.headers.update(headers)
        response.request, response.url = request, request.url
        response.raw = urllib3.HTTPResponse(
            io.BytesIO(content), headers, status, preload_content=False
        )
        return response

    def close(self):
        self.closed += 1

    @property
    def bodies(self):
        """JSON bodies of the calls made."""
        return [body for _request, body, _options in self.calls]

    @property
    def paths(self):
        """Paths below the base address."""
        return [request.url.removeprefix(BASE_URL) for request, _b, _o in self.calls]


class QuickAPI(KolmeyaAPI):
    """Repeats without a pause."""

    WAIT = staticmethod(lambda state: 0)


def api_with(*answers, reads_body=False, token=TOKEN, **options):
    """``(api, transport)`` over answers made by ``answer()`` or exceptions."""
    transport = FakeTransport(*answers, reads_body=reads_body)
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", transport)
    return QuickAPI(token, base_url=BASE_URL, session=session, **options), transport


def gateway_with(*answers, **options):
    """``(gateway, transport)``."""
    api, transport = api_with(*answers, **options)
    return KolmeyaGateway(api), transport


def batch(*phones, reference="batch-1", url="https://odoo.test/hook/secret-path"):
    """A request of one message a phone, with references m0, m1 …"""
    phones = phones or ("+5511900000001", "+5511900000002", "+5511900000003")
    messages = tuple(
        OutgoingSms(f"m{number}", phone, f"Ola {number}")
        for number, phone in enumerate(phones)
    )
    return BatchRequest(reference, messages, url)
