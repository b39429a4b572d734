"""Every switch of the simulator; all may be changed while it runs."""

import dataclasses
from dataclasses import dataclass, field


@dataclass
class Rates:
    """Shares of the numbers (0 to 1), drawn from the seed and the number.

    What is left of 1 after the final codes and ``silent`` is code 3.
    """

    invalid: float = 0.002
    blacklist: float = 0.005
    not_disturb: float = 0.005
    not_delivered: float = 0.03  # code 4
    rejected: float = 0.02  # code 5
    expired: float = 0.02  # code 6
    silent: float = 0.03  # never told by webhook, nine in ten delivered
    reply: float = 0.02  # of the delivered ones
    late_delivered: float = 0.0  # of codes 4 and 6: a 3 follows

    @classmethod
    def calm(cls) -> "Rates":
        """Everything is accepted and delivered; nobody answers."""
        return cls(**{each.name: 0.0 for each in dataclasses.fields(cls)})


@dataclass
class Settings:
    """Defaults are the shapes of the recorded calls of the real service."""

    token: str = "simulator-token"
    seed: str = "1"
    rates: Rates = field(default_factory=Rates)

    # Shapes of answers.
    phone_style: str = "national-int"  # e164-int, string, plus, formatted
    invalid_key: str = "error"  # reason
    omit_empty: bool = False
    null_arrays: bool = False
    blacklist_as_object: bool = False
    balance_style: str = "brl"  # nbsp, plain, number, broken
    accesses_as_list: bool = False
    empty_map_as_list: bool = False
    echo_reference: str = "text"  # int, null
    code_style: str = "int"  # text
    rate_headers: str = "full"  # absent, garbage

    # Account and enforcement.
    balance: float = 9396.84
    price_per_segment: float = 0.10
    enforce_balance: bool = False
    rate_limit: int = 500  # calls per window and token; 0 is none
    rate_window: float = 60.0
    per_page: int = 1000
    status_lag: float = 0.0  # seconds until status/request knows a request
    reject_marker: str = "[[rejeitar]]"  # a text that the late review refuses

    # Webhooks.
    push: bool = True  # False: only deliver() and take() do
    profile: str = "docs"  # seed003-flat, seed000-flat, payload-wrapped
    webhook_url: str | None = None  # the portal's, for requests without one
    reply_url: str | None = None  # the portal's second address
    webhook_delay: tuple[float, float] = (1.0, 3.0)
    reply_delay: tuple[float, float] = (1.0, 3.0)
    group_size: int = 150
    workers: int = 4
    callback_timeout: float = 15.0
    retries: int = 3
    backoff: float = 0.5  # seconds, doubled each time
    duplicate_rate: float = 0.0
    drop_rate: float = 0.0
    reorder: bool = False
    push_intermediate: bool = False  # 1 and 2 too; documents say only finals
    jwt_secret: str | None = None
    jwt_lifetime: int = 300
    signature_header: str = "X-Kolmeya-Signature"

    def update(self, changes: dict) -> None:
        """Change some; unknown names and wrong types raise ValueError."""
        changes = dict(changes)
        for name, rate in dict(changes.pop("rates", {})).items():
            _set(self.rates, name, rate)
        for name, value in changes.items():
            _set(self, name, value)

    def shown(self) -> dict:
        """All values, without the two secrets."""
        shown = dataclasses.asdict(self)
        shown["token"] = "***"
        shown["jwt_secret"] = self.jwt_secret and "***"
        return shown


def _set(target, name: str, value) -> None:
    known = {each.name for each in dataclasses.fields(target)}
    if name not in known:
        raise ValueError(f"no setting {name!r}")
    current = getattr(target, name)
    if isinstance(current, bool) != isinstance(value, bool):
        raise ValueError(f"{name} is of another type")
    if isinstance(current, (int, float)) and not isinstance(value, (int, float)):
        raise ValueError(f"{name} is a number")
    if isinstance(current, tuple):
        low, high = value
        value = (float(low), float(high))
    setattr(target, name, value)
