"""The command line on a small workspace, in this process."""

import json

import pytest
from click.testing import CliRunner

from planner.cli import main
from planner.jobs import spare
from tests.jobs.conftest import filled, folder, trials

__all__ = ["filled", "folder", "planner", "trials"]


class Outcome:
    """What a command left: exit code, standard output, standard error."""

    def __init__(self, result):
        self.code = result.exit_code
        self.out = result.stdout
        self.err = result.stderr

    @property
    def json(self):
        """The one object on standard output; NaN is refused."""

        def refuse(constant):
            raise AssertionError(constant)

        return json.loads(self.out, parse_constant=refuse)


@pytest.fixture
def planner(monkeypatch):
    """Runs `planner ARGUMENTS…`."""
    monkeypatch.delenv("PLANNER_WORKSPACE", raising=False)

    def run(*arguments, env=None, typed=None):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], env=env, input=typed)
        _end_the_ready()
        assert "Traceback" not in result.stderr
        return Outcome(result)

    return run


def _end_the_ready():
    """What stands ready for a run leaves when the command does; here the command is a call."""
    process = spare.take()
    if process is not None:
        process.communicate()
