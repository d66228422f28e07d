"""What a plugin's parameters look like to whoever fills them in: one list of fields for form and command."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Literal

from pydantic import BaseModel, ValidationError
from pydantic.errors import PydanticInvalidForJsonSchema

from planner.errors import InputError, PluginError, Problem
from planner.model.days import FIRST_DAY, LAST_DAY

FieldType = Literal["integer", "number", "boolean", "date", "text", "choice"]

# Options that every run has; a parameter of the same name could not be told from them.
RESERVED = (
    "workspace",
    "key_file",
    "as_of",
    "county",
    "seed",
    "time_limit",
    "out",
    "json",
    "as_json",
    "as",
    "help",
)

_PLAIN_TYPES: dict[tuple[str | None, str | None], FieldType] = {
    ("integer", None): "integer",
    ("number", None): "number",
    ("boolean", None): "boolean",
    ("string", "date"): "date",
    ("string", None): "text",
}
_YES_NO = {"是": True, "否": False}


@dataclass(frozen=True)
class Choice:
    """One value that may be chosen, and how it is shown."""

    value: Any
    title: str


@dataclass(frozen=True)
class Field:
    """One parameter as a form or a command shows it.

    `default` is a plain value (a date stays a date, an enumeration gives its value). `required` is False
    where None is allowed and means "any". `minimum` and `maximum` are both included in the range, unless
    the model excludes them: the model has the last word.
    """

    name: str
    title: str
    type: FieldType
    default: Any
    unit: str = ""
    help: str = ""
    required: bool = True
    choices: tuple[Choice, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    @property
    def option(self) -> str:
        """The name on the command line, e.g. --limit-min."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def expected(self) -> str:
        """What to fill in, in words, e.g. 「1到600的数」."""
        if self.choices:
            return f"以下之一:{'、'.join(choice.title for choice in self.choices)}"
        kinds = {
            "integer": "整数",
            "number": "数",
            "boolean": "“是”或“否”",
            "date": "日期,如2020-12-31",
            "text": "文字",
        }
        return f"{self._range()}{kinds[self.type]}"

    def _range(self) -> str:
        if self.minimum is not None and self.maximum is not None:
            return f"{self.minimum:g}到{self.maximum:g}的"
        if self.minimum is not None:
            return f"不小于{self.minimum:g}的"
        return f"不大于{self.maximum:g}的" if self.maximum is not None else ""


def fields_of(params: type[BaseModel]) -> list[Field]:
    """The fields of a parameter model in declared order.

    A field may be int, float, bool, date, str, an Enum or a Literal, each also `| None`. Its unit and the
    titles of its choices come from `json_schema_extra={"unit": …, "choices": {value: title}}`.
    Raises PluginError naming every field that no form can show.
    """
    try:
        schema = params.model_json_schema(by_alias=False)
    except PydanticInvalidForJsonSchema as error:
        raise PluginError(f"参数“{params.__name__}”中有表单不能显示的类型:{error.message}", _USE) from error
    fields, problems = [], []
    for name in params.model_fields:
        found = _field(name, params, schema)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            fields.append(found)
    if problems:
        raise PluginError("参数的声明有误", problems=problems)
    return fields


_USE = "请用 int、float、bool、date、str、枚举或 Literal"


def _field(name: str, params: type[BaseModel], schema: Mapping[str, Any]) -> Field | Problem:
    if name in RESERVED:
        return Problem(f"参数“{name}”与每次运行都有的选项同名", "换一个名字")
    shape = _only_shape(schema["properties"][name], schema.get("$defs", {}))
    declared = params.model_fields[name]
    values = [shape["const"]] if "const" in shape else shape.get("enum")
    kind = "choice" if values else _PLAIN_TYPES.get((shape.get("type"), shape.get("format")))
    if kind is None:
        return Problem(f"参数“{name}”的类型表单不能显示", _USE)
    extra = declared.json_schema_extra if isinstance(declared.json_schema_extra, dict) else {}
    titles: Any = extra.get("choices", {})
    return Field(
        name=name,
        title=declared.title or name,
        type=kind,
        default=_plain(declared.get_default(call_default_factory=True, validated_data={})),
        unit=str(extra.get("unit", "")),
        help=declared.description or "",
        required=not shape["nullable"],
        choices=tuple(Choice(value, str(titles.get(value, value))) for value in values or ()),
        minimum=_bound(shape, "inimum", kind, step=1),
        maximum=_bound(shape, "aximum", kind, step=-1),
    )


def _only_shape(item: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """The one JSON schema of a field beside null, with `nullable`; without a type where there are several."""
    shapes = [shape for shape in item.get("anyOf", [item]) if shape.get("type") != "null"]
    nullable = any(shape.get("type") == "null" for shape in item.get("anyOf", []))
    shape = shapes[0] if len(shapes) == 1 else {}
    if "$ref" in shape:
        shape = definitions[shape["$ref"].rsplit("/", 1)[-1]]
    return {**shape, "nullable": nullable}


def _bound(shape: Mapping[str, Any], word: str, kind: str, *, step: int) -> float | None:
    """A bound as JSON schema writes it; of whole numbers the next one inside where the bound is excluded."""
    excluded = shape.get(f"exclusiveM{word}")
    if excluded is not None:
        return excluded + step if kind == "integer" else excluded
    return shape.get(f"m{word}")


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def read_params(params: type[BaseModel], values: Mapping[str, Any]) -> BaseModel:
    """The parameters from what somebody filled in; text is read as the field's type, "" as nothing given.

    Raises InputError naming every value that cannot be used, by its title and option, with what may be given.
    """
    fields = {field.name: field for field in fields_of(params)}
    problems, given = [], {}
    for name, value in values.items():
        if name not in fields:
            problems.append(_unknown(name, fields))
            continue
        try:
            given[name] = _from_text(fields[name], value)
        except ValueError:
            problems.append(_refused(fields[name], value))
    filled: BaseModel | None = None
    try:
        filled = params.model_validate(given)
    except ValidationError as error:
        for item in error.errors():
            field = fields.get(str(item["loc"][0])) if item["loc"] else None
            problems.append(_problem(field, item))
    if filled is not None:
        problems += [
            _refused(field, getattr(filled, name))
            for name, field in fields.items()
            if not _is_usable(getattr(filled, name))
        ]
    if filled is None or problems:
        raise InputError("参数有误", problems=problems)
    return filled


def _is_usable(value: Any) -> bool:
    """Whether a number is one, and a day is one that a workspace may speak of."""
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, date) or FIRST_DAY <= value <= LAST_DAY


def _from_text(field: Field, value: Any) -> Any:
    """What the text says; anything else as it is. Raises ValueError where the text is no date."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text and not field.required:
        return None
    if field.type == "boolean":
        return _YES_NO.get(text, text)
    if field.type == "choice":
        # The title is taken as well as the value; a value that is no text is found by how it is written.
        known = {name: choice.value for choice in field.choices for name in (choice.title, str(choice.value))}
        return known.get(text, text)
    if field.type == "date":
        return date.fromisoformat(text)  # pydantic would take a bare number for seconds since 1970
    return text


def _problem(field: Field | None, item: Mapping[str, Any]) -> Problem:
    words = str(item["ctx"]["error"]) if item["type"] == "value_error" else None
    if field is None:
        return Problem(words or "参数之间不相容")
    if words is not None:
        return Problem(words, column=_place(field), value=str(item["input"]))
    return _refused(field, item["input"])


def _refused(field: Field, value: Any) -> Problem:
    shown = value.isoformat() if isinstance(value, date) else str(value)
    expected = field.expected
    if isinstance(value, date):  # a day, yet none that a workspace speaks of
        expected = f"{FIRST_DAY.year}年到{LAST_DAY.year}年的日期"
    return Problem(f"“{shown}”不能用", f"请填{expected}", column=_place(field), value=shown)


def _unknown(name: str, fields: Mapping[str, Field]) -> Problem:
    near = difflib.get_close_matches(name, fields, n=3)
    known = [fields[item].option for item in near or fields]
    fix = f"{'是否为' if near else '可用的有'} {'、'.join(known)}" if known else "这个插件没有参数"
    return Problem(f"没有参数“{name}”", fix, column=f"--{name.replace('_', '-')}")


def _place(field: Field) -> str:
    return f"{field.option}({field.title})"
