import json

import pytest

GOOD = {"id": "c1", "kind": "is_child", "input": {"birth": "2010-01-01", "on": "2020-01-01"}, "expect": True}


@pytest.fixture
def write(tmp_path):
    def write(content):
        path = tmp_path / "cases.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def test_cases_that_hold(planner, write):
    checked = planner("policy", "check", write([GOOD]))
    assert checked.code == 0
    assert "核对1条,不符0条" in checked.out
    assert planner("policy", "check", write([GOOD]), "--json").json == {"checked": 1, "mismatches": []}


def test_every_mismatch_is_named(planner, write):
    cases = [GOOD, {**GOOD, "id": "c2", "expect": False}, {**GOOD, "id": "c3", "kind": "nothing"}]
    checked = planner("policy", "check", write(cases))
    assert checked.code == 1
    assert "c2" in checked.out
    assert "c3" in checked.out
    assert "c1" not in checked.out
    record = planner("policy", "check", write(cases), "--json")
    assert record.code == 1
    assert [item["id"] for item in record.json["mismatches"]] == ["c2", "c3"]


def test_no_cases_are_no_check(planner, write):
    for options in ((), ("--json",)):
        checked = planner("policy", "check", write([]), *options)
        assert (checked.code, checked.out, "什么也没有核对" in checked.err) == (2, "", True)


@pytest.mark.parametrize("content", ["not json", '{"id": 1}'])
def test_a_file_that_is_no_list_of_cases(planner, write, content):
    checked = planner("policy", "check", write(content), "--json")
    assert (checked.code, checked.out) == (2, "")
    assert "用例文件" in checked.err


def test_a_file_that_cannot_be_read(planner, tmp_path):
    absent = planner("policy", "check", tmp_path / "absent.json")
    assert absent.code == 2
    assert "absent.json" in absent.err
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    binary = planner("policy", "check", tmp_path / "binary.json")
    assert binary.code == 2
    assert "UTF-8" in binary.err
