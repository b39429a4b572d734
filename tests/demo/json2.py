"""Odoo's JSON-2 interface with an API key: what the demo knows of Odoo."""

import requests


class JsonError(Exception):
    """Odoo refused a call; the text is what it said."""


class Json2:
    """One user's view of one database."""

    def __init__(self, base_url: str, key: str, database: str):
        self.base_url = base_url
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"bearer {key}"
        self.session.headers["X-Odoo-Database"] = database

    def call(self, model: str, method: str, **arguments):
        """Call a public method; keyword arguments only."""
        url = f"{self.base_url}/json/2/{model}/{method}"
        answer = self.session.post(url, json=arguments, timeout=300)
        if not answer.ok:
            raise JsonError(
                f"{model}.{method}: {answer.status_code} {answer.text[:500]}"
            )
        return answer.json()

    def create_all(self, model: str, rows: list[dict], page: int = 1000) -> list[int]:
        """Create records page by page and return their ids."""
        ids: list[int] = []
        for start in range(0, len(rows), page):
            part = rows[start : start + page]
            context = {"tracking_disable": True}
            ids += self.call(model, "create", vals_list=part, context=context)
        return ids

    def count(self, model: str, domain: list) -> int:
        """Return how many records match."""
        return self.call(model, "search_count", domain=domain)
