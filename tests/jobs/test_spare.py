"""The process that stands ready: one at a time, taken once, replaced only where one is to stand all the time."""

from pathlib import Path

import pytest

from planner.jobs import spare


@pytest.fixture(autouse=True)
def nobody_ready(monkeypatch):
    """Nothing stands ready before or after a test, and nothing real is started."""
    monkeypatch.setattr(spare, "_ready", [])
    monkeypatch.setattr(spare, "_lasting", type(spare._lasting)())


class Waiting:
    """What `spawn` would start, as far as these tests look at it."""

    def __init__(self, plugin):
        self.plugin, self.code, self.stdin = plugin, None, None

    def poll(self):
        return self.code


@pytest.fixture
def started(monkeypatch):
    made = []

    def spawn(plugin=None, log=None):
        made.append(Waiting(plugin))
        return made[-1]

    monkeypatch.setattr(spare, "spawn", spawn)
    return made


def test_one_stands_ready_and_is_taken_once(started):
    assert spare.take() is None
    spare.prepare("siting")
    spare.prepare("siting")
    (only,) = started
    assert only.plugin == "siting"
    assert spare.take() is only
    assert spare.take() is None


def test_one_that_has_gone_is_not_counted(started):
    spare.prepare()
    started[0].code = 1
    spare.prepare()
    assert spare.take() is started[1]


def test_only_who_keeps_one_gets_another(started):
    spare.prepare("siting")
    spare.take()
    spare.replace()
    assert spare.take() is None
    spare.keep()
    assert spare.take() is started[1]
    spare.replace()
    assert spare.take() is started[2]


def test_a_real_one_leaves_when_its_input_closes_and_cannot_be_told(tmp_path):
    process = spare.spawn("no-such-plugin", tmp_path / "logs" / "run.log")
    process.communicate()
    assert process.returncode == 0
    assert not spare.tell(process, tmp_path, "run", Path("key"))
    assert (tmp_path / "logs" / "run.log").read_text() == ""
