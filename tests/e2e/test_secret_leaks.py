"""Planted secrets on a real server: looked for wherever a secret could come out.

The log is as talkative as Odoo's can be: everything at DEBUG, queries included.
"""

import configparser
import json
import os
import re
import subprocess
import time
import xmlrpc.client
import zipfile

import pytest
import requests

from dev import server
from dev.paths import LOCAL, ROOT, VENV
from dev.stack import Stack
from tests.demo.json2 import Json2, JsonError
from tests.simulator.signing import sign

from .leaks import PROBES, READERS, probe_answers, reads_of

JWT = "planted-jwt-6f1d0c9be2a84b7fa35d-secret"
TYPED = "planted-typed-9a7c11de5b2046d38e0c-token"
LEVELS = ":DEBUG,odoo.sql_db:DEBUG,odoo.http.rpc:DEBUG,werkzeug:DEBUG,urllib3:DEBUG"
ROLES = {
    "employee": "base.group_user",
    "salesperson": "sms_base_sr.group_sms_user",
    "campaign": "sms_base_sr.group_sms_campaign",
    "supervisor": "sms_base_sr.group_sms_manager",
    "administrator": "sms_base_sr.group_sms_admin,base.group_allow_export",
    "system": "sms_base_sr.group_sms_admin,base.group_system,base.group_allow_export",
}


class World:
    """A running server with secrets that were planted in every way there is."""

    def __init__(self, stack: Stack):
        self.stack = stack
        self.admin = Json2(stack.url, stack.keys()["keys"]["admin"], stack.name)
        (self.provider,) = self.admin.call(
            "sms.provider", "search", domain=[("provider_type", "=", "kolmeya")]
        )
        self.path = None

    @property
    def secrets(self) -> dict[str, str]:
        return {
            "token": self.stack.simulator.token,
            "typed token": TYPED,
            "JWT secret": JWT,
            "path secret": self.path,
        }

    def found_in(self, text: str) -> list[str]:
        """Names of the secrets that a text holds."""
        return [name for name, secret in self.secrets.items() if secret in text]

    def write(self, **values):
        ids = [self.provider]
        return self.admin.call("sms.provider", "write", ids=ids, vals=values)

    def sql(self, query: str) -> str:
        return server.sql(self.stack.server, query, self.stack.name)


@pytest.fixture(scope="module")
def world():
    stack = Stack("e2e_leaks", workers=2)
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(stack.config)
    settings["options"]["log_handler"] = LEVELS
    with stack.config.open("w") as stream:
        settings.write(stream)
    try:
        stack.start()
        made = World(stack)
        plant(made)
        yield made
    finally:
        stack.stop()


def plant(world: World) -> None:
    """Enter secrets by each interface, use them, and provoke errors about them."""
    rotated = world.admin.call(
        "sms.provider", "action_rotate_webhook_secret", ids=[world.provider]
    )
    world.path = rotated["params"]["rows"][0]["value"].rsplit("/", 1)[1]
    type_in_the_browser(world)
    type_by_xmlrpc(world)
    world.admin.call(
        "ir.config_parameter", "set_param", key="kolmeya.webhook.jwt_secret", value=JWT
    )
    provoke_errors(world)
    world.write(kolmeya_api_token=world.stack.simulator.token, jwt_secret=JWT)
    use(world)


def session_of(world: World, login: str = "admin") -> requests.Session:
    """A browser's session."""
    session = requests.Session()
    parameters = {"db": world.stack.name, "login": login, "password": login}
    url = f"{world.stack.url}/web/session/authenticate"
    answer = session.post(url, json={"params": parameters}, timeout=60).json()
    assert "error" not in answer, answer
    return session


def call_kw(world, session, model, method, *args, **kwargs) -> str:
    """What the browser is answered, as text: errors with their tracebacks too."""
    body = {"model": model, "method": method, "args": args, "kwargs": kwargs}
    url = f"{world.stack.url}/web/dataset/call_kw/{model}/{method}"
    return session.post(url, json={"params": body}, timeout=60).text


def type_in_the_browser(world: World) -> None:
    session = session_of(world)
    values = {"kolmeya_api_token": TYPED, "jwt_secret": JWT}
    asked = {"kolmeya_api_token": {}, "jwt_secret": {}, "webhook_secret": {}}
    arguments = ("sms.provider", "web_save", [world.provider], values)
    saved = call_kw(world, session, *arguments, specification=asked)
    assert "result" in saved
    assert world.found_in(saved) == []
    changed = call_kw(
        world, session, "sms.provider", "onchange", [], values, [*values], asked
    )
    # What one has just typed comes back to nobody else, and not even to oneself.
    assert world.found_in(changed) in ([], ["typed token", "JWT secret"])


def type_by_xmlrpc(world: World) -> None:
    """As an old client does, with its password among the arguments."""
    url = f"{world.stack.url}/xmlrpc/2"
    common = xmlrpc.client.ServerProxy(f"{url}/common")
    user = common.authenticate(world.stack.name, "admin", "admin", {})
    models = xmlrpc.client.ServerProxy(f"{url}/object")
    values = {"kolmeya_api_token": TYPED, "jwt_secret": JWT}
    arguments = [[world.provider], values]
    models.execute_kw(
        world.stack.name, user, "admin", "sms.provider", "write", arguments
    )


def provoke_errors(world: World) -> None:
    """Errors on the way of a secret: none of them repeats it to the client."""
    session = session_of(world)
    wrong = [
        {"kolmeya_api_token": TYPED, "kolmeya_base_url": "http://nowhere.example"},
        {"jwt_secret": JWT, "batch_size": 0},
        {"jwt_secret": JWT, "company_id": 10**6},
        {"jwt_secret": JWT, "no_such_field": 1},
        {"jwt_secret": JWT, "webhook_networks": "no network"},
    ]
    for values in wrong:
        answer = call_kw(
            world, session, "sms.provider", "write", [world.provider], values
        )
        assert '"error"' in answer, values
        assert world.found_in(answer) == [], values


def use(world: World) -> None:
    """Send, ask the gateway, and have it and strangers call."""
    call = world.admin.call
    call("sms.provider", "action_check_connection", ids=[world.provider])
    values = {"phone": "(11) 91234-5678", "body": "Oi", "provider_id": world.provider}
    ids = call("sms.message", "create", vals_list=[values])
    call("sms.message", "action_send", ids=ids)
    wait_until_sent(world, ids)
    body = json.dumps({"id": "x", "status": "delivered"}).encode()
    door = f"{world.stack.url}/kolmeya/webhook"
    for path in (world.path, f"{world.path}/status", f"{world.path}/reply?x=1"):
        requests.post(f"{door}/{path}", data=body, timeout=30)
        requests.get(f"{door}/{path}", timeout=30)
    headers = {"X-Kolmeya-Signature": sign(body, JWT)}
    requests.post(f"{door}/status", data=body, headers=headers, timeout=30)
    requests.post(f"{door}/{world.path[:-1]}", data=b"no json", timeout=30)


def wait_until_sent(world, ids) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        (found,) = world.admin.call("sms.message", "read", ids=ids, fields=["state"])
        if found["state"] in ("sent", "delivered"):
            return
        time.sleep(0.5)
    raise AssertionError(found)


# -- where they could be ---------------------------------------------------------------


def dump(world: World, name: str | None = None) -> str:
    """The whole database as pg_dump writes it."""
    command = ["pg_dump", "--no-owner", "-d", name or world.stack.name]
    environment = world.stack.server.environment()
    made = subprocess.run(command, env=environment, capture_output=True, check=True)
    return made.stdout.decode("utf-8", "replace")


def test_a_dump_of_the_database_holds_none(world):
    text = dump(world)
    assert "gAAAA" in text, "the secrets are there, sealed"
    assert world.found_in(text) == []


def test_the_files_of_the_server_hold_none(world):
    """Sessions and attachments; and the key lies outside what a backup takes."""
    data = LOCAL / "data"
    leaks = []
    for path in data.rglob("*"):
        if path.is_file() and world.found_in(path.read_bytes().decode("latin-1")):
            leaks.append(str(path.relative_to(data)))
    assert leaks == []
    uuid = world.sql("SELECT value FROM ir_config_parameter WHERE key='database.uuid'")
    key = data / "sms_keys" / uuid
    assert key.stat().st_mode & 0o777 == 0o600
    assert "filestore" not in key.parts


def test_odoos_own_backup_holds_neither_secrets_nor_the_key(world, tmp_path):
    target = tmp_path / "backup.zip"
    script = (
        "import odoo\n"
        "from odoo.service import db\n"
        f"with open({str(target)!r}, 'wb') as stream:\n"
        "    odoo.tools.config['list_db'] = True\n"
        "    db.dump_db(env.cr.dbname, stream)\n"
    )
    shell(world, script)
    key = next((LOCAL / "data" / "sms_keys").iterdir())
    uuid = world.sql("SELECT value FROM ir_config_parameter WHERE key='database.uuid'")
    key = (key.parent / uuid).read_text()
    with zipfile.ZipFile(target) as backup:
        assert "dump.sql" in backup.namelist()
        for name in backup.namelist():
            text = backup.read(name).decode("latin-1")
            assert world.found_in(text) == [], name
            assert key not in text, name


def shell(world: World, script: str) -> None:
    command = [str(VENV / "bin" / "odoo"), "shell", "-c", str(world.stack.config)]
    command += ["-d", world.stack.name, "--no-http", "--logfile", os.devnull]
    environment = {**os.environ, **world.stack.server.environment()}
    result = subprocess.run(
        command, cwd=ROOT, input=script, text=True, env=environment, capture_output=True
    )
    assert result.returncode == 0 and "Traceback" not in result.stderr, result.stderr


def test_a_neutralized_copy_knows_none_not_even_sealed(world):
    name = f"{world.stack.name}_copy"
    text = dump(world)
    sealed = set(re.findall(r"gAAAAA[\w-]{60,}=*", text))
    assert len(sealed) >= 3
    shell(world, "env.cr.commit()\n")
    restore(world, name, text)
    try:
        command = [str(VENV / "bin" / "odoo"), "neutralize", "-d", name]
        command += ["-c", str(world.stack.config), "--logfile", os.devnull]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        copy = dump(world, name)
        assert not {value for value in sealed if value in copy}
        assert world.found_in(copy) == []
    finally:
        server.drop_database(world.stack.server, name)


def restore(world: World, name: str, text: str) -> None:
    server.drop_database(world.stack.server, name)
    server.sql(world.stack.server, f'CREATE DATABASE "{name}"')
    subprocess.run(
        ["psql", "-X", "-q", "-d", name],
        input=text.encode(),
        env=world.stack.server.environment(),
        capture_output=True,
        check=True,
    )


# -- what people can ask ---------------------------------------------------------------


@pytest.fixture(scope="module")
def people(world):
    """One user per role, with an API key each."""
    script = [
        "import datetime, json",
        "from odoo.tests import new_test_user",
        "keys = {}",
        f"for role, groups in {ROLES!r}.items():",
        "    login = 'leak_' + role",
        "    user = new_test_user(env, login=login, groups=groups)",
        "    made = env['res.users.apikeys'].with_user(user).sudo()",
        "    until = datetime.datetime.now() + datetime.timedelta(days=1)",
        "    keys[role] = made._generate('rpc', 'leak', until)",
        "env.cr.commit()",
        "open(target, 'w').write(json.dumps(keys))",
    ]
    target = LOCAL / "e2e_leaks_keys.json"
    target.touch(mode=0o600)
    shell(world, "\n".join([f"target = {str(target)!r}", *script]) + "\n\n")
    keys = json.loads(target.read_text())
    target.unlink()
    yield {
        role: Json2(world.stack.url, key, world.stack.name)
        for role, key in keys.items()
    }


def test_no_role_reads_one_in_any_way(world, people):
    """Each way of reading, of each of our models and those that see much."""
    leaks, answered = [], 0
    for role, person in people.items():
        for model, method, answer in reads_of(person, world.provider):
            answered += '"code"' not in answer
            if found := world.found_in(answer):
                leaks.append((role, model, method, found))
    assert leaks == []
    assert answered > len(READERS) * len(people)


def test_no_role_guesses_one_by_asking_for_it(world, people):
    """A right beginning is answered exactly as a wrong one."""
    for role, person in people.items():
        for field, secret in (
            ("kolmeya_api_token", world.stack.simulator.token),
            ("jwt_secret", JWT),
            ("webhook_secret", world.path),
        ):
            for probe in PROBES:
                right, wrong = probe_answers(person, probe, field, secret)
                assert right == wrong, (role, field, probe)


def test_records_that_keep_everything_keep_none(world):
    """Jobs, chatter with tracking, activities, the server's own log and the inbox."""
    tables = world.sql(
        "SELECT table_name FROM information_schema.tables WHERE table_schema ="
        " 'public' AND (table_name LIKE 'sms\\_%' OR table_name IN ('queue_job',"
        " 'mail_message', 'mail_tracking_value', 'mail_activity', 'ir_logging',"
        " 'ir_config_parameter', 'bus_bus', 'ir_attachment'))"
    ).split()
    assert {"queue_job", "mail_message", "ir_config_parameter"} <= set(tables)
    for table in tables:
        rows = world.sql(f'SELECT to_jsonb(t)::text FROM "{table}" t')
        assert world.found_in(rows) == [], table
    assert int(world.sql("SELECT count(*) FROM queue_job")) > 0


def test_a_refused_call_is_told_in_one_sentence(people):
    """Who may not read the account's settings learns nothing from being refused."""
    with pytest.raises(JsonError) as caught:
        people["campaign"].call(
            "sms.provider", "search_read", domain=[], fields=["jwt_secret"]
        )
    assert "Traceback" not in str(caught.value)


def test_the_most_talkative_log_holds_none(world):
    """The last of these tests, so that it has seen what all others have asked."""
    lines = world.stack.log.read_text(errors="replace").splitlines()
    for logger in ("odoo.sql_db", "odoo.service.model", "werkzeug"):
        assert any(logger in line for line in lines), f"{logger} is not logged"
    assert any("kolmeya_api_token" in line for line in lines)
    leaks = [line[:300] for line in lines if world.found_in(line)]
    assert leaks == []
