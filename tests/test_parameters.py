from collections.abc import Callable
from datetime import date
from enum import Enum, IntEnum
from typing import Annotated, Literal

import pytest
from annotated_types import Gt
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, field_validator, model_validator

from planner.errors import InputError, PluginError
from planner.parameters import Choice, fields_of, read_params


class Colour(Enum):
    RED = "红"
    BLUE = "蓝"


class Grade(IntEnum):
    LOW = 1
    HIGH = 2


class Params(BaseModel):
    count: int = Field(3, title="个数", ge=1, lt=10, description="几个", json_schema_extra={"unit": "个"})
    share: float | None = Field(None, title="比例", ge=0, le=1)
    above: Annotated[float, Gt(0)] = Field(2.5, title="系数")
    whole: bool = Field(False, title="整体")
    day: date = Field(date(2020, 12, 31), title="日期")
    name: str = Field("甲", title="名字", min_length=1)
    colour: Colour = Field(Colour.RED, title="颜色")
    grade: Grade = Field(Grade.LOW, title="等级", json_schema_extra={"choices": {1: "低", 2: "高"}})  # type: ignore[dict-item]
    method: Literal["fast", "exact"] | None = Field(None, title="方法")


def test_every_kind_of_field_is_derived():
    fields = {field.name: field for field in fields_of(Params)}
    assert [(name, field.type) for name, field in fields.items()] == [
        ("count", "integer"),
        ("share", "number"),
        ("above", "number"),
        ("whole", "boolean"),
        ("day", "date"),
        ("name", "text"),
        ("colour", "choice"),
        ("grade", "choice"),
        ("method", "choice"),
    ]
    assert (fields["count"].minimum, fields["count"].maximum, fields["count"].unit) == (1, 9, "个")
    assert fields["count"].help == "几个"
    assert fields["count"].required
    assert (fields["share"].required, fields["share"].default) == (False, None)
    assert (fields["above"].minimum, fields["above"].maximum) == (0, None)
    assert fields["day"].default == date(2020, 12, 31)
    assert fields["colour"].default == "红"
    assert fields["colour"].choices == (Choice("红", "红"), Choice("蓝", "蓝"))
    assert fields["grade"].choices == (Choice(1, "低"), Choice(2, "高"))
    assert [choice.value for choice in fields["method"].choices] == ["fast", "exact"]
    assert not fields["method"].required


def test_text_is_read_as_the_type_of_its_field():
    given = {
        "count": " 9 ",
        "share": "",
        "whole": "是",
        "day": "2019-01-02",
        "colour": "蓝",
        "grade": "高",
        "method": "exact",
    }
    filled = read_params(Params, given)
    assert filled == Params(
        count=9, whole=True, day=date(2019, 1, 2), colour=Colour.BLUE, grade=Grade.HIGH, method="exact"
    )
    assert read_params(Params, {"grade": "2"}) == Params(grade=Grade.HIGH)
    assert read_params(Params, {}) == Params()
    assert read_params(Params, Params().model_dump(mode="json")) == Params()


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("count", "10", "请填1到9的整数"),
        ("count", "1.5", "请填1到9的整数"),
        ("count", "", "请填1到9的整数"),
        ("share", "nan", "请填0到1的数"),
        ("above", "0", "请填不小于0的数"),
        ("above", "inf", "请填不小于0的数"),
        ("whole", "也许", "请填“是”或“否”"),
        ("day", "2020", "请填日期,如2020-12-31"),
        ("day", "86400", "请填日期,如2020-12-31"),
        ("day", "2020-02-30", "请填日期,如2020-12-31"),
        ("name", "", "请填文字"),
        ("colour", "绿", "请填以下之一:红、蓝"),
        ("grade", "3", "请填以下之一:低、高"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_what_may_be_given(name, value, fix):
    with pytest.raises(InputError) as caught:
        read_params(Params, {name: value})
    (problem,) = caught.value.problems
    assert problem.fix == fix
    assert problem.column is not None
    assert problem.column.startswith(f"--{name}(")


def test_all_faults_at_once_and_near_names():
    with pytest.raises(InputError) as caught:
        read_params(Params, {"count": "0", "coulour": "红", "day": "x", "zzz": "1"})
    told = str(caught.value)
    assert len(caught.value.problems) == 4
    assert "--count(个数):“0”不能用" in told
    assert "没有参数“coulour”。是否为 --colour" in told
    assert "可用的有 --count、--share" in told


def test_an_authors_own_check_speaks_for_itself():
    class Checked(BaseModel):
        low: int = Field(1, title="低")
        high: int = Field(2, title="高")

        @field_validator("low")
        @classmethod
        def even(cls, value: int) -> int:
            if value == 7:
                raise ValueError("低不能是7")
            return value

        @model_validator(mode="after")
        def ordered(self) -> "Checked":
            if self.low > self.high:
                raise ValueError("低不能高于高")
            return self

    with pytest.raises(InputError, match=r"--low\(低\):低不能是7"):
        read_params(Checked, {"low": "7"})
    with pytest.raises(InputError, match="低不能高于高"):
        read_params(Checked, {"low": "5"})


def test_fields_no_form_can_show_are_all_named():
    class Odd(BaseModel):
        items: list[int] = Field([], title="表")
        mixed: int | str = Field(1, title="混")
        seed: int = Field(0, title="种子")
        fine: int = Field(0, title="可以")

    with pytest.raises(PluginError) as caught:
        fields_of(Odd)
    assert [problem.message for problem in caught.value.problems] == [
        "参数“items”的类型表单不能显示",
        "参数“mixed”的类型表单不能显示",
        "参数“seed”与每次运行都有的选项同名",
    ]


def test_a_type_without_json_is_refused():
    class Opaque(BaseModel):
        call: Callable[[int], int] | None = Field(None, title="函数")

    with pytest.raises(PluginError, match="表单不能显示"):
        fields_of(Opaque)


def test_no_parameters_no_fields():
    class Nothing(BaseModel):
        pass

    assert fields_of(Nothing) == []
    with pytest.raises(InputError, match="这个插件没有参数"):
        read_params(Nothing, {"x": "1"})


@given(st.dictionaries(st.sampled_from(list(Params.model_fields)), st.text(max_size=12)))
def test_any_text_is_read_or_refused_in_words(values):
    try:
        filled = read_params(Params, values)
    except InputError as error:
        assert str(error).startswith("参数有误\n--")  # noqa: PT017
    else:
        assert read_params(Params, filled.model_dump(mode="json")) == filled
