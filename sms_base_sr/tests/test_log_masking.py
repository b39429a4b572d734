import logging

from odoo.exceptions import UserError
from odoo.tests import TransactionCase

from ..log_filters import LOGGERS
from ..tools.log_mask import MaskingFilter


class Recorder(logging.Handler):
    """Keeps what a log would have shown."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


class TestLogMasking(TransactionCase):
    """What Odoo logs of a request shows neither secrets nor numbers."""

    def lines(self, name, level, *args):
        """Log something on a logger and return what its handlers were given."""
        logger, recorder = logging.getLogger(name), Recorder()
        before = logger.level
        logger.addHandler(recorder)
        logger.setLevel(logging.DEBUG)
        try:
            logger.log(level, *args)
        finally:
            logger.setLevel(before)
            logger.removeHandler(recorder)
        return recorder.lines

    def test_each_logger_has_one_filter(self):
        for name in LOGGERS:
            with self.subTest(name):
                filters = logging.getLogger(name).filters
                ours = [f for f in filters if isinstance(f, MaskingFilter)]
                self.assertEqual(len(ours), 1)

    def test_a_failed_query_shows_no_number(self):
        """Two people press *Send* at once: the second's query is logged whole."""
        query = b"UPDATE sms_message SET phone = '+5511912345678'::VARCHAR"
        (line,) = self.lines(
            "odoo.sql_db", logging.ERROR, "bad query: %s\nERROR: %s", query, "no"
        )
        self.assertIn("bad query", line)
        self.assertNotIn("912345678", line)

    def test_a_refusal_names_the_number_to_the_person_and_not_to_the_log(self):
        refusal = "+5511912345678 must not be texted: the customer opted out."
        (line,) = self.lines("odoo.http", logging.WARNING, UserError(refusal))
        self.assertIn("must not be texted", line)
        self.assertNotIn("912345678", line)

    def test_the_log_of_requests_hides_the_secret_path(self):
        secret = "Zk3J_9dLq-secret-path-Value"
        for path in (
            f"/kolmeya/webhook/{secret}",
            f"/kolmeya/webhook/{secret}/reply?a=1",
        ):
            with self.subTest(path=path):
                (line,) = self.lines(
                    "werkzeug",
                    logging.INFO,
                    '%s - - [05/Jan/2026 12:00:00] "POST %s HTTP/1.1" %s -',
                    "127.0.0.1",
                    path,
                    200,
                )
                self.assertNotIn(secret, line)
                self.assertIn("/kolmeya/webhook/***", line)
                self.assertIn("HTTP/1.1", line)

    def test_the_log_of_calls_hides_what_was_typed(self):
        typed = "typed-secret-value-0123456789abcdef"
        calls = [
            f"call sms.provider().web_save({{'kolmeya_api_token': '{typed}'}})",
            f"call sms.provider(3,).write({{'jwt_secret': '{typed}'}})",
            "call ir.config_parameter()"
            f".set_param('sms.webhook.jwt_secret', '{typed}')",
        ]
        for call in calls:
            with self.subTest(call=call):
                (line,) = self.lines("odoo.service.model", logging.DEBUG, call)
                self.assertNotIn(typed, line)
                self.assertIn("call ", line)

    def test_other_lines_stay_as_they_are(self):
        text = '127.0.0.1 - - "GET /web/login HTTP/1.1" 200 -'
        self.assertEqual(self.lines("werkzeug", logging.INFO, text), [text])
