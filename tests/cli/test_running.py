import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from planner.store.runs import list_runs
from planner.store.workspace import open_workspace


def test_list_names_the_plugins(planner, trials):
    listed = planner("list")
    assert listed.code == 0
    assert "coverage-gaps" in listed.out
    assert "机构覆盖缺口" in listed.out
    record = planner("list", "--json").json
    assert {"coverage-gaps", "trial-steps"} <= {item["name"] for item in record["plugins"]}
    steps = next(item for item in record["plugins"] if item["name"] == "trial-steps")
    assert [param["option"] for param in steps["params"]] == ["--steps", "--pause-s", "--offers"]
    assert record["broken"] == []


def test_list_names_the_broken_with_reason_and_fix(planner, trials):
    (trials / "trial_plugins.py").write_text("import nowhere_to_be_found")
    listed = planner("list")
    assert listed.code == 0
    assert "不能使用的插件" in listed.out
    assert "缺少模块“nowhere_to_be_found”" in listed.out
    assert "coverage-gaps" in listed.out


def test_run_prints_one_object(planner, folder, trials):
    ran = planner("run", "trial-steps", "--workspace", folder, "--steps", "2", "--seed", "4", "--json")
    assert ran.code == 0
    record = ran.json
    assert list(record) == ["run", "plugin", "params", "as_of", "metrics", "tables", "notes"]
    assert record["plugin"] == "trial-steps"
    assert record["params"] == {"steps": 2, "pause_s": 0, "offers": True}
    assert record["as_of"] == "2020-12-31"
    assert record["metrics"]["steps"]["value"] == 2
    assert record["metrics"]["steps"]["unit"] == "个"
    rows = record["tables"]["trial-steps"]
    assert [row["code"] for row in rows] == ["0", "1"]
    assert rows[0]["day"] == "2020-12-31"
    assert rows[0]["word"] is None
    assert isinstance(rows[0]["good"], bool)
    assert record["notes"] == ["县:丙县、乙县、甲县"]


def test_a_figure_that_cannot_be_given_is_null_with_its_reason(planner, folder, trials):
    ran = planner("run", "trial-steps", "--workspace", folder, "--county", "丙县", "--json")
    metric = ran.json["metrics"]["children"]
    assert (metric["value"], metric["reason"]) == (None, "no_children")
    assert "—(没有儿童)" in planner("run", "trial-steps", "--workspace", folder, "--county", "640103").out


def test_run_without_json_is_for_people(planner, folder, trials):
    ran = planner("run", "trial-steps", "--pause-s", "0.2", env={"PLANNER_WORKSPACE": str(folder)})
    assert ran.code == 0
    assert "数步  截至2020-12-31  区域:全部" in ran.out
    assert "【各步】" in ran.out
    assert "1. 县:丙县、乙县、甲县" in ran.out
    assert "数步" in ran.err


def test_the_built_in_plugin_runs(planner, folder):
    ran = planner("run", "coverage-gaps", "--workspace", folder, "--as-of", "2018-12-31", "--json")
    assert ran.code == 0
    metrics = ran.json["metrics"]
    assert (metrics["counties_total"]["value"], metrics["counties_covered"]["value"]) == (3, 1)
    earlier = planner("run", "coverage-gaps", "--workspace", folder, "--as-of", "2017-12-31", "--json").json
    assert earlier["metrics"]["counties_covered"]["value"] == 0
    assert len(earlier["tables"]["coverage-gaps"]) == 3


def test_out_writes_files(planner, folder, trials, tmp_path):
    ran = planner("run", "trial-steps", "--workspace", folder, "--out", tmp_path / "out", "--json")
    assert ran.code == 0
    assert ran.json
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".geojson", ".gpkg", ".xlsx"]
    assert ran.err.count("已写出") == 3


def test_a_time_limit_marks_the_result(planner, folder, trials):
    arguments = ["run", "trial-steps", "--workspace", folder, "--steps", "100000", "--pause-s", "0.02"]
    ran = planner(*arguments, "--time-limit", "0.5", "--json")
    assert ran.code == 0
    assert ran.json["stopped"] == "clock"
    assert "到达时限" in planner(*arguments, "--time-limit", "0.3").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "trial-step"], "是否为trial-steps"),
        (["run", "trial-steps", "--steps", "x"], "--steps(步数):“x”不能用。请填不小于0的整数"),
        (["run", "trial-steps", "--step", "3"], "没有选项 --step。是否为 --steps"),
        (["run", "trial-steps", "--steps"], "选项 --steps 后面要跟一个值"),
        (["run", "trial-steps", "--county", "640199"], "没有代码或名称为“640199”的县"),
        (["run", "trial-steps", "--as-of", "2020"], "--as-of 的值“2020”不能用。请填日期,如2020-12-31"),
        (["run", "trial-steps", "--seed", "-1"], "--seed 的值“-1”不能用"),
        (["run", "trial-steps", "--time-limit", "0"], "--time-limit 的值“0”不能用"),
        (["run", "trial-steps", "more"], "看不懂命令行"),
        (["run", "trial-refusal"], "需求表不能用。请重新导入需求"),
        (["replay", "no-such-run"], "no-such-run"),
        (["ruin"], "没有命令“ruin”。是否为run"),
    ],
)
def test_what_the_user_can_mend_is_told_in_chinese(planner, folder, trials, arguments, told):
    ran = planner(*arguments, env={"PLANNER_WORKSPACE": str(folder)})
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_a_workspace_must_be_named_and_be_one(planner, trials, tmp_path):
    ran = planner("run", "trial-steps")
    assert (ran.code, ran.out) == (2, "")
    assert "--workspace 目录" in ran.err
    assert "PLANNER_WORKSPACE" in ran.err
    absent = planner("run", "trial-steps", "--workspace", tmp_path / "absent")
    assert absent.code == 2
    assert "absent" in absent.err


def test_a_failure_of_ours_ends_with_one(planner, folder, trials):
    ran = planner("run", "trial-crash", "--workspace", folder, "--json")
    assert (ran.code, ran.out) == (1, "")
    assert "错误编号" in ran.err
    assert "secret" not in ran.err


def test_what_a_plugin_prints_stays_out_of_the_output(planner, folder, trials):
    source = (trials / "trial_plugins.py").read_text()
    (trials / "trial_plugins.py").write_text(f"{source}\nprint('printed on import')\n")
    ran = planner("run", "trial-steps", "--workspace", folder, "--json")
    assert ran.json["plugin"] == "trial-steps"


def test_replay_says_whether_the_result_is_the_same(planner, folder, trials):
    first = planner("run", "trial-steps", "--workspace", folder, "--json").json
    again = planner("replay", first["run"], "--workspace", folder, "--json")
    assert again.code == 0
    assert f"与运行 {first['run']} 相同" in again.err
    assert again.json["metrics"] == first["metrics"]
    assert again.json["run"] != first["run"]
    drift = planner("run", "trial-drift", "--workspace", folder, "--json").json
    other = planner("replay", drift["run"], "--workspace", folder)
    assert other.code == 1
    assert "不同:" in other.err
    assert "1行不同" in other.err


def test_ctrl_c_stops_the_run_and_prints_the_best_so_far(folder, trials):
    command = [sys.executable, "-c", "from planner.cli import main; main()", "run", "trial-steps"]
    process = subprocess.Popen(
        [*command, "--workspace", str(folder), "--steps", "1000000", "--pause-s", "0.01", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ.copy(),
        # Tests that were started in the background have it ignored, and who sits at a terminal has not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stderr is not None
    try:
        while "数步" not in process.stderr.readline():
            assert process.poll() is None
        os.kill(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert "正在停止" in err
    record = json.loads(out)
    assert record["stopped"] == "person"
    assert process.returncode == 0
    workspace = open_workspace(Path(folder))
    assert list_runs(workspace, 1)[0].state == "stopped"
    workspace.engine.dispose()


def test_help_is_chinese(planner, trials):
    page = planner("run", "trial-steps", "--help")
    assert page.code == 0
    assert "用法:" in page.out
    assert "步数;" not in page.out
    assert "--pause-s 数" in page.out
    assert "每步停顿(秒),默认0" in page.out
    assert "Options" not in page.out
    assert "Show this" not in planner("--help").out
    names = planner("run", "--help").out
    assert "coverage-gaps" in names
    assert "trial-steps" in names
    assert planner().code == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--as-of", "2202-12-31"], "--as-of 的值“2202-12-31”不能用"),
        (["--as-of", "0001-01-01"], "1900年到2100年"),
        (["--target-day", "9999-12-31"], "--target-day"),
        (["--seed", "99999999999999999999999"], "--seed 的值"),
        (["--county", ""], "没有代码或名称为“”的县"),
    ],
)
def test_what_lies_beyond_reason_is_refused(planner, folder, arguments, told):
    ran = planner("run", "coverage-gaps", "--workspace", folder, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
