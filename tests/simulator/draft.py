"""The answer to one ``store`` while its messages are looked at."""

from .answers import shaped_arrays
from .behaviour import Fate
from .ledger import Message, Request, new_id
from .text import national, segments, styled_phone


class Draft:
    """Sorts the messages of one call into the arrays of its answer."""

    def __init__(self, sim, request: Request, token: bool):
        self.sim, self.request, self.token = sim, request, token
        self.settings = sim.settings
        self.fates: list[Fate] = []
        self.cost = 0.0
        self.arrays = {
            "valids": [],
            "invalids": [],
            "duplicates": [],
            "blacklist": [],
            "not_disturb": [],
        }
        self._seen: set[str] = set()

    def add(self, row: dict) -> None:
        """Put one message where it belongs."""
        number = national(row["phone"])
        fate = self.sim.fate_of(number) if number else Fate(refused="invalids")
        array = self._array(number, fate)
        if array == "valids":
            self._accept(row, number, fate)
        elif array == "invalids":
            self._invalid(row, number)
        else:
            self.arrays[array].append({"phone": self._phone(number, row)})

    def _array(self, number: str | None, fate: Fate) -> str:
        if number in self.sim.ledger.blocked:
            return "blacklist"
        if fate.refused and not (self.token and fate.refused == "not_disturb"):
            return fate.refused
        if number in self._seen:
            return "duplicates"
        self._seen.add(number)
        return "valids"

    def _accept(self, row: dict, number: str, fate: Fate) -> None:
        message = Message(
            id=new_id(),
            request=self.request,
            reference=row.get("reference"),
            phone=number,
            text=row["message"],
            accepted_at=self.request.accepted_at,
            code=3 if fate.late else fate.code,
            final_at=float("inf"),
            silent=fate.silent,
        )
        self.request.messages.append(message)
        self.fates.append(fate)
        self.cost += self.settings.price_per_segment * segments(row["message"])
        self.arrays["valids"].append(
            {
                "id": message.id,
                "phone": self._phone(number, row),
                "reference": self.sim.echoed(message.reference),
            }
        )

    def _invalid(self, row: dict, number: str | None) -> None:
        item = {"phone": self._phone(number, row)}
        if self.settings.invalid_key == "reason":
            item["reason"] = "Número inválido"
        else:
            item["message"] = row["message"]
            item["reference"] = self.sim.echoed(row.get("reference"))
            item["error"] = "Número inválido"
        self.arrays["invalids"].append(item)

    def _phone(self, number: str | None, row: dict):
        return styled_phone(number, self.settings.phone_style, row["phone"])

    def review(self, late_rejection: bool) -> None:
        """Content is looked at after the answer; a refusal is told by webhook."""
        marker = self.settings.reject_marker
        texts = (message.text for message in self.request.messages)
        if late_rejection or (marker and any(marker in text for text in texts)):
            self.request.rejected = True
            for message in self.request.messages:
                message.code = 5

    def refused(self) -> dict[str, int]:
        return {
            array: len(rows)
            for array, rows in self.arrays.items()
            if rows and array != "valids"
        }

    def answer(self) -> dict:
        head = {"id": self.request.id, "reference": self.request.reference}
        return {**head, **shaped_arrays(self.arrays, self.settings)}
