import json
from urllib.parse import quote, urlencode

from .common import KolmeyaHttpCase

PHONES = ["+5511912345678", "+5521987654321", "+5531988887777", "+5541977776666"]
PROFILES = ("docs", "payload-wrapped", "seed003-flat", "seed000-flat")
CODES = {3: "delivered", 4: "error", 5: "rejected", 6: "expired"}
SECRET = "a-shared-secret-of-at-least-32-bytes"
STATUS = '{"id": "gw-1", "status_code": 3, "status": "entregue"}'


class TestKolmeyaWebhooks(KolmeyaHttpCase):
    """What the gateway posts comes in by the secret path and is applied."""

    def path(self, *parts):
        secret = self.provider._get_secret("webhook_secret")
        return "/".join(["/kolmeya/webhook", secret, *parts])

    def events(self):
        return self.env["sms.event"].search([])

    # -- end to end --------------------------------------------------------------------

    def test_reports_of_every_shape_are_applied(self):
        for profile in PROFILES:
            for style in ("int", "text"):
                with self.subTest(profile=profile, style=style):
                    self.sim.reset()
                    self.sim.settings.update({"profile": profile, "code_style": style})
                    for phone, code in zip(PHONES, CODES, strict=True):
                        self.sim.fate(phone, code=code)
                    batch = self.send_to(*PHONES)
                    done = self.deliver()
                    self.assertTrue(done)
                    self.assertEqual({each.status for each in done}, {200})
                    self.assertEqual(self.states(batch), list(CODES.values()))

    def test_replies_of_every_shape_are_applied(self):
        for phone, profile in zip(PHONES, PROFILES, strict=True):
            self.partner.phone = phone
            for text in ("SIM QUERO", "👍🏽 ção", ""):
                with self.subTest(profile=profile, text=text):
                    self.sim.reset()
                    self.sim.settings.update({"profile": profile})
                    batch = self.send_to(phone)
                    self.deliver()
                    self.sim.reply(phone, text)
                    (done,) = self.deliver()
                    self.assertEqual(done.status, 200, done.body)
                    message = self.env["sms.message"].search(
                        [("direction", "=", "incoming")], limit=1
                    )
                    self.assertEqual(message.body or "", text)
                    self.assertEqual(message.parent_id, batch.message_ids)
                    self.assertEqual(message.partner_id, self.partner)

    def test_doubled_and_reordered_webhooks_end_in_the_same_states(self):
        self.sim.settings.update(
            {"duplicate_rate": 1.0, "reorder": True, "push_intermediate": True}
        )
        for phone, code in zip(PHONES, CODES, strict=True):
            self.sim.fate(phone, code=code)
        batch = self.send_to(*PHONES)
        self.deliver()
        self.assertEqual(self.states(batch), list(CODES.values()))

    def test_a_late_delivery_is_believed(self):
        self.sim.fate(PHONES[0], code=6, late=True)
        batch = self.send_to(PHONES[0])
        self.deliver()
        self.assertEqual(self.states(batch), ["delivered"])

    def test_a_late_review_rejects_the_whole_request(self):
        for profile in ("docs", "payload-wrapped"):
            with self.subTest(profile):
                self.sim.settings.update({"profile": profile})
                batch = self.send_to(*PHONES[:2], text="[[rejeitar]] oferta")
                self.assertEqual(self.states(batch), ["sent", "sent"])
                (done,) = self.deliver()
                self.assertEqual((done.kind, done.status), ("rejection", 200))
                self.assertEqual(self.states(batch), ["rejected", "rejected"])

    def test_the_reply_asks_to_stop_and_the_number_is_texted_no_more(self):
        self.send_to(PHONES[0])
        self.deliver()
        self.sim.reply(PHONES[0], "SAIR")
        self.deliver()
        blacklisted = self.env["phone.blacklist"].search([])
        self.assertIn(PHONES[0], blacklisted.mapped("number"))
        batch = self.send_to(PHONES[0])
        self.assertEqual(self.states(batch), ["canceled"])
        self.assertEqual(len(self.sim.messages()), 1)

    def test_the_same_reply_by_poll_and_by_webhook_is_one(self):
        self.send_to(PHONES[0])
        self.deliver()
        self.sim.reply(PHONES[0], "SIM")
        self.deliver()
        items = self.provider._fetch_replies(24)()
        self.assertEqual(len(items), 1)
        events = self.env["sms.event"]
        self.assertEqual(events._store_items(self.provider, items, "poll"), {})

    # -- addresses ---------------------------------------------------------------------

    def test_each_secret_path_takes_every_kind_of_event(self):
        bodies = [
            STATUS,
            '{"reply": {"id": "r-1", "reply": "SIM", "message": {"id": "gw-1"}}}',
        ]
        for tail in ((), ("reply",), ("status",)):
            for body in bodies:
                with self.subTest(tail=tail, body=body):
                    answer = self.post(self.path(*tail), body)
                    self.assertEqual(answer.status_code, 200)
                    found = answer.json()
                    self.assertEqual(found["status"], "success")
                    self.assertIn(found["event_id"], self.events().ids)
                    self.assertIsNone(found["sms_id"])
        self.assertEqual(sorted(self.events().mapped("kind")), ["reply", "status"])

    def test_a_wrong_secret_is_forbidden_and_learns_nothing(self):
        own = self.provider._get_secret("webhook_secret")
        paths = [
            "/kolmeya/webhook/wrong",
            f"/kolmeya/webhook/{own}x",
            f"/kolmeya/webhook/{own[:-1]}",
            f"/kolmeya/webhook/{own.swapcase()}/reply",
            f"/kolmeya/webhook/{self.provider.sudo().webhook_hash}/status",
            "/kolmeya/webhook/" + quote("segredo-é-👍"),
            "/kolmeya/webhook/%FF%FE",
            "/kolmeya/webhook/" + "x" * 5000,
        ]
        for path in paths:
            with self.subTest(path=path[:60]):
                answer = self.post(path, STATUS)
                self.assertEqual(answer.status_code, 403)
                self.assertEqual(
                    answer.json(), {"status": "error", "message": "Forbidden"}
                )
        self.assertFalse(self.events())

    def test_an_old_secret_stops_working_at_once(self):
        self.provider.webhook_grace = 0
        old = self.path()
        self.assertEqual(self.post(old, STATUS).status_code, 200)
        self.provider.action_rotate_webhook_secret()
        self.assertEqual(self.post(old, STATUS).status_code, 403)
        self.assertEqual(self.post(self.path(), STATUS).status_code, 200)

    def test_an_archived_or_deleted_account_receives_nothing(self):
        path = self.path()
        self.assertEqual(self.post(path, STATUS).status_code, 200)
        self.provider.active = False
        self.assertEqual(self.post(path, STATUS).status_code, 403)
        self.provider.active = True
        self.assertEqual(self.post(path, STATUS).status_code, 200)
        self.provider.unlink()
        self.assertEqual(self.post(path, STATUS).status_code, 403)

    def test_the_fixed_paths_take_signed_calls_only(self):
        self.provider.jwt_secret = SECRET
        self.sim.settings.jwt_secret = SECRET
        for tail in ("reply", "status"):
            with self.subTest(tail):
                url = f"{self.base_url()}/kolmeya/webhook/{tail}"
                self.assertEqual(self.post(url, STATUS).status_code, 401)
                self.sim.callbacks.add_raw(url, json.loads(STATUS))
                (done,) = self.deliver()
                self.assertEqual(done.status, 200)
        self.sim.settings.jwt_secret = SECRET[::-1]
        self.sim.callbacks.add_raw(url, json.loads(STATUS))
        (done,) = self.deliver()
        self.assertEqual(done.status, 401)

    def test_the_parameter_of_the_older_system_signs_too(self):
        key = "kolmeya.webhook.jwt_secret"
        other = self.provider.create({"name": "Log", "sequence": 1})
        self.env["ir.config_parameter"].set_param(key, SECRET)
        self.assertFalse(self.env["ir.config_parameter"].get_param(key))
        self.assertFalse(other._get_secret("jwt_secret"))
        self.sim.settings.jwt_secret = SECRET
        url = f"{self.base_url()}/kolmeya/webhook/status"
        self.sim.callbacks.add_raw(url, json.loads(STATUS))
        (done,) = self.deliver()
        self.assertEqual(done.status, 200)

    # -- bodies ------------------------------------------------------------------------

    def test_no_body_whatever_makes_an_error_of_ours(self):
        deep = 50_000
        flat = {"phone": "1", "message": "x"}
        cases = {
            "nothing": (b"", 400),
            "null": (b"null", 400),
            "a number": (b"17", 400),
            "a list of numbers": (b"[1, 2]", 400),
            "deep lists": (b"[" * deep + b"]" * deep, 400),
            "deep payloads": (b'{"payload":' * deep + b"1" + b"}" * deep, 400),
            "few payloads too many": (b'{"payload":' * 9 + b"1" + b"}" * 9, 400),
            "an unknown object": (b'{"a": 1}', 400),
            "infinite ids": (b'{"id": 1e999, "status_code": 3}', 200),
            "no numbers": (b'{"id": NaN, "status_code": NaN}', 200),
            "a huge code": (b'{"id": "a", "status_code": 1' + b"0" * 4000 + b"}", 200),
            "a long id": (b'{"id": "%s", "status_code": 3}' % (b"x" * 9000), 200),
            "NUL": (b'{"id": "a\\u0000b", "status_code": 3}', 200),
            "NUL in a text": (b'{"reply": {"id": "n", "reply": "\\u0000"}}', 200),
            "half an emoji": (b'{"reply": {"reply": "\\ud83d", "id": "r"}}', 200),
            "half an emoji, flat": (b'{"phone": "1", "message": "\\ud83d"}', 200),
            "objects for texts": (b'{"reply": {"reply": {"a": 1}, "id": "o"}}', 200),
            "bad dates": (
                json.dumps({**flat, "data": "31/02/2026 99:99:99"}).encode(),
                200,
            ),
            "dates out of reach": (
                b'{"phone": "2", "message": "x", "data": "0001-01-01 00:00:00"}',
                200,
            ),
            "a list of events": (f"[{STATUS}]".encode(), 200),
            "no messages": (b'{"id": "a", "messages": []}', 200),
        }
        for name, (body, status) in cases.items():
            with self.subTest(name):
                answer = self.post(self.path(), body)
                self.assertEqual(answer.status_code, status, answer.text[:300])
        self.run_jobs("_apply_pending", "_apply_replies")
        replies = self.events().filtered(lambda event: event.kind == "reply")
        self.assertEqual(set(replies.mapped("state")), {"applied"})

    def test_a_form_that_a_proxy_made_of_it_is_read(self):
        kind = "application/x-www-form-urlencoded"
        cases = [
            (urlencode({"payload": STATUS}), "gw-1"),
            (urlencode({"id": "gw-2", "status_code": "3"}), "gw-2"),
            ("self=1&" + urlencode({"id": "gw-3", "status_code": "3"}), "gw-3"),
            ("id=gw%004&status_code=3", "gw\ufffd4"),
        ]
        for body, gateway_id in cases:
            for tail in ("", "?self=1"):
                with self.subTest(body=body, tail=tail):
                    answer = self.post(self.path() + tail, body, kind=kind)
                    self.assertEqual(answer.status_code, 200, answer.text[:300])
                    event = self.events().browse(answer.json()["event_id"])
                    self.assertEqual(event.gateway_message_id, gateway_id)

    def test_a_message_that_is_known_is_named_in_the_answer(self):
        batch = self.send_to(PHONES[0])
        body = {"id": batch.message_ids.provider_message_id, "status_code": 3}
        answer = self.post(self.path(), json.dumps(body)).json()
        self.assertEqual(answer["sms_id"], batch.message_ids.id)
