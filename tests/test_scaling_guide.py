"""The page on scaling: its files are the samples, its arithmetic is right."""

import configparser
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "SCALING.md").read_text()
SAMPLES = ROOT / "queue_job_config" / "samples"
BLOCK = re.compile(r"^`(odoo-\S+\.conf)`\n\n```ini\n(.*?)```$", re.M | re.S)


def options(name: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(SAMPLES / name)
    return parser["options"]


def connections(name: str) -> int:
    """The most that a server may open: each process has a pool, the runner has one."""
    found = options(name)
    processes = found.getint("workers") + found.getint("max_cron_threads") + 1
    return processes * found.getint("db_maxconn") + 1


def test_the_page_prints_every_sample_as_it_is():
    printed = dict(BLOCK.findall(GUIDE))
    assert printed == {path.name: path.read_text() for path in SAMPLES.iterdir()}


def test_the_sums_of_connections_are_those_of_the_samples():
    four = connections("odoo-4-workers.conf")
    sixteen = connections("odoo-16-workers.conf")
    assert f"× 16 + 1 = {four}; 16 workers" in GUIDE
    assert f"× 16 + 1 = {sixteen};" in GUIDE
    assert f"{2 * connections('odoo-node.conf')} [d]" in GUIDE
    allowed = int(re.search(r"^max_connections = (\d+)", GUIDE, re.M)[1])
    assert allowed > sixteen


def test_nobody_but_the_servers_reaches_the_door_of_the_jobs():
    door = GUIDE[GUIDE.index("listen 10.0.0.5:8069") :]
    assert "deny all;" in door[: door.index("location")]
    assert "proxy_ignore_client_abort on;" in door
