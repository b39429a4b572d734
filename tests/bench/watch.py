"""When a person could see a reply: activity and ChatRoom message, once committed."""

import threading
import time

LOOK_EVERY = 0.02
SEEN = {
    "activity": """
        SELECT res_id FROM mail_activity
        WHERE id > %s AND res_model = 'res.partner'
    """,
    "chatroom": """
        SELECT m.partner_id FROM acrux_chat_message c
        JOIN sms_message m ON m.id = c.sms_message_id
        WHERE c.id > %s AND NOT c.from_me
    """,
}
TABLES = {"activity": "mail_activity", "chatroom": "acrux_chat_message"}


class Watch:
    """Looks at the committed database all the time, on a connection of its own.

    ``seen`` has, for each kind, {partner id: when it was first there}. A look comes
    after the commit, so the times err to our disadvantage.
    """

    def __init__(self, stage):
        self.connection = stage.connect()
        self.seen: dict[str, dict[int, float]] = {kind: {} for kind in SEEN}
        self._ended = threading.Event()
        self._last = {
            kind: stage.count(f"SELECT COALESCE(max(id), 0) FROM {table}")
            for kind, table in TABLES.items()
        }
        self._thread = threading.Thread(target=self._look)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._ended.set()
        self._thread.join()
        self.connection.close()

    def _look(self) -> None:
        while not self._ended.wait(LOOK_EVERY):
            for kind, query in SEEN.items():
                with self.connection.cursor() as cursor:
                    cursor.execute(query, [self._last[kind]])
                    found = cursor.fetchall()
                now = time.monotonic()
                for (partner_id,) in found:
                    self.seen[kind].setdefault(partner_id, now)

    def wait_for(self, partners: set[int], seconds: float) -> bool:
        """Wait until all of them have both; False where some never had."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if all(partners <= seen.keys() for seen in self.seen.values()):
                return True
            time.sleep(LOOK_EVERY)
        return False
