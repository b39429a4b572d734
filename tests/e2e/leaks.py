"""The ways in which somebody could read a secret, or guess one."""

import re

# (method, arguments): each is tried with each model.
FIELDS = ["kolmeya_api_token", "jwt_secret", "webhook_secret", "webhook_url"]
SEALED = ["kolmeya_api_token_sealed", "jwt_secret_sealed", "webhook_secret_sealed"]
SEALED += ["jwt_former", "webhook_hash", "webhook_former_hash"]
MODELS = ["sms.provider", "ir.config_parameter", "queue.job", "sms.event.body"]
MODELS += ["sms.batch", "sms.batch.attempt", "sms.webhook.refusal", "ir.logging"]
MODELS += ["sms.webhook.token", "mail.message", "sms.provider.incident", "sms.run"]
READERS = ("search_read", "web_search_read", "fields_get", "export_data", "name_search")


def reads_of(person, provider):
    """Yield (model, method, answer as text) of all ways of reading."""
    for model in MODELS:
        names = sorted(described(person, model))
        spec = {name: {} for name in names}
        # Together, and one by one where one of them refuses all.
        tries = [("search_read", {"domain": [], "fields": names, "limit": 200})]
        tries += [("web_search_read", {"domain": [], "specification": spec})]
        tries += [("fields_get", {}), ("name_search", {"name": ""})]
        tries += [("default_get", {"fields": names})]
        for method, arguments in tries:
            yield model, method, answer(person, model, method, **arguments)
        yield from one_by_one(person, model, names)
    yield from provider_reads(person, provider)


def one_by_one(person, model, names):
    for name in names:
        method = "search_read"
        arguments = {"domain": [], "fields": [name], "limit": 200}
        yield model, method, answer(person, model, method, **arguments)


def provider_reads(person, provider):
    """What knows a record: each field of a secret by itself, so that one counts."""
    model, ids = "sms.provider", [provider]
    for name in [*FIELDS, *SEALED]:
        tries = [
            ("read", {"ids": ids, "fields": [name]}),
            ("web_read", {"ids": ids, "specification": {name: {}}}),
            ("export_data", {"ids": ids, "fields_to_export": [name]}),
            ("formatted_read_group", group(name)),
            ("web_read_group", group(name)),
            ("copy_data", {"ids": ids}),
            ("onchange", {"ids": ids, **change(name)}),
            ("get_views", {"views": [[False, "form"]]}),
            ("mapped", {"ids": ids, "func": name}),
            ("grouped", {"ids": ids, "key": name}),
            ("sorted", {"ids": ids, "key": name}),
        ]
        for method, arguments in tries:
            yield model, method, answer(person, model, method, **arguments)
    # A copy of the account comes without its secrets.
    yield model, "_get_secret", answer(person, model, "_get_secret", ids=ids)


def group(name):
    return {"domain": [], "groupby": [name], "aggregates": ["__count"]}


def change(name):
    return {"values": {"name": "x"}, "field_names": ["name"], "fields_spec": {name: {}}}


def described(person, model):
    """Names of the fields that a person is told of, and those of our secrets."""
    text = person.session.post(
        f"{person.base_url}/json/2/{model}/fields_get", json={}, timeout=60
    )
    names = set(text.json()) if text.ok else {"id"}
    return names | ({*FIELDS, *SEALED} if model == "sms.provider" else set())


def answer(person, model, method, **arguments) -> str:
    """What a call is answered, an error's whole text included."""
    url = f"{person.base_url}/json/2/{model}/{method}"
    return person.session.post(url, json=arguments, timeout=120).text


# -- guessing --------------------------------------------------------------------------

PROBES = ("like", "=like", "=", ">", "in", "order", "filtered_domain", "group", "any")


def probe_answers(person, probe, field, secret):
    """What a right and a wrong beginning are answered, apart from the guess itself."""
    right, wrong = secret[:8], "zzzzzzzz"
    if probe == "=":
        right, wrong = secret, secret[::-1]
    return [told(person, probe, field, guess) for guess in (right, wrong)]


def told(person, probe, field, guess) -> str:
    model, method, arguments = "sms.provider", "search_count", {}
    if probe in ("like", "=like", "=", ">"):
        value = f"{guess}%" if probe == "=like" else guess
        arguments = {"domain": [(field, probe, value)]}
    elif probe == "in":
        arguments = {"domain": [(field, "in", [guess, "x"])]}
    elif probe == "order":
        method, arguments = "search", {"domain": [], "order": f"{field} desc"}
    elif probe == "filtered_domain":
        method = "web_search_read"
        arguments = {"domain": [(field, "=like", f"{guess}%")], "specification": {}}
    elif probe == "group":
        method, arguments = "formatted_read_group", group(field)
        arguments["having"] = [(field, "=", guess)]
    else:
        model = "sms.message"
        arguments = {"domain": [("provider_id", "any", [(field, "like", guess)])]}
    text = answer(person, model, method, **arguments).replace(guess, "…")
    # Moments and object ids differ from one call to the next.
    return re.sub(r"0x[0-9a-f]+|\d{4}-\d\d-\d\d[ T][\d:.]+", "…", text)
