"""What each role sees of a child: one table, and the one function that cuts a child's content to it.

Whatever shows a child, on a page, a map, a paper or in a file, shows what `seen` leaves. Names, numbers, phones
and addresses are known by the ends of their keys (`name`, `guardian_phone`, `home_address`); the rest of a file
is seen by those who may open it, and by nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Literal

from planner.errors import InputError
from planner.store.roles import Person, Role


class Sight(StrEnum):
    """How much of a value is seen."""

    FULL = "full"
    MASKED = "masked"
    HIDDEN = "hidden"


Counts = Literal["full", "suppressed", "none"]
Export = Literal[
    "all with reason", "own", "route sheet", "aggregates", "suppressed report", "audit log", "none"
]


@dataclass(frozen=True)
class View:
    """A row of the table of roles, for what lies in one's own area.

    `counts` are those by village, `point` is the child's place on the map (others have the village's own),
    `rest` everything else that a file tells; `events` are protection events, `export` what may be taken out.
    """

    counts: Counts = "none"
    point: Sight = Sight.HIDDEN
    name: Sight = Sight.HIDDEN
    id_number: Sight = Sight.HIDDEN
    phone: Sight = Sight.HIDDEN
    address: Sight = Sight.HIDDEN
    rest: Sight = Sight.HIDDEN
    reveals_id: bool = False
    events: Literal["on duty", "own reports", "none"] = "none"
    export: Export = "none"
    audit: bool = False


_OF_A_CHILD = View(
    counts="full",
    point=Sight.FULL,
    name=Sight.FULL,
    id_number=Sight.MASKED,
    phone=Sight.FULL,
    address=Sight.FULL,
    rest=Sight.FULL,
    events="own reports",
    export="own",
)
VIEWS: Mapping[Role, View] = {
    Role.LEADER: View(counts="suppressed", export="suppressed report"),
    Role.CIVIL: View(
        **{**vars(_OF_A_CHILD), "reveals_id": True, "events": "on duty", "export": "all with reason"}
    ),
    Role.PLANNER: View(counts="suppressed", export="aggregates"),
    Role.TOWNSHIP: _OF_A_CHILD,
    Role.VILLAGE: View(**{**vars(_OF_A_CHILD), "export": "route sheet"}),
    Role.AUDITOR: View(export="audit log", audit=True),
    Role.ADMIN: View(),
}
# Beyond one's area, those who see children see that there is somebody, e.g. when a file is handed over.
_BEYOND = View(name=Sight.MASKED, id_number=Sight.MASKED, phone=Sight.MASKED, address=Sight.MASKED)
_NOTHING = View()
_HIDDEN = object()

_MASK = "****"
_POINT = frozenset({"point", "lon", "lat"})
# Not a piece of a longer number, nor the decimals of one (floats have at most 17). A disability certificate begins
# with the ID. People part long numbers as they read them out; the pieces of a file's own number (UUID) are none.
_ID = re.compile(
    r"(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[\dXxＸｘ](?:\d{2}(?:B\d)?)?(?!\d)|(?<!\d)(?<!\d\.)\d{15}(?!\d)"
)
_PHONE = re.compile(r"(?<!\d)(?<!\d\.)1[3-9]\d{9}(?!\d)")
_PARTED_PHONE = re.compile(r"(?<![\dA-Za-z])1[3-9]\d[ -]\d{4}[ -]?\d{4}(?![\dA-Za-z-])")
_SHORTEST_ID = 15
_VILLAGE = r"[^\d*]*?(?:村(?:委会)?|社区(?:居委会)?|居委会)"
_PLACE = re.compile(rf"{_VILLAGE}|[^\d*]*(?:镇|乡|街道|县|市)")

Kind = Literal["name", "id_number", "phone", "address", "point", "rest"]


def seen(person: Person, content: Mapping[str, Any], area: str) -> dict[str, Any]:
    """What `person` sees of the content of a file held by the division `area`; what is hidden is not there."""
    return _cut(_sights_of(person.role, own_area=person.scope.holds(area)), content)


def mask_name(name: str) -> str:
    """马小明 → 马**; a name of one character is hidden whole."""
    return f"{name[0]}**" if len(name) > 1 else "**"


def mask_id(number: str) -> str:
    """640324201203050212 → 6403****0212; anything shorter than an ID is hidden whole."""
    return f"{number[:4]}{_MASK}{number[-4:]}" if len(number) >= _SHORTEST_ID else _MASK


def mask_phone(number: str) -> str:
    """13895001234 → 138****1234; any other number is hidden whole."""
    return f"{number[:3]}{_MASK}{number[-4:]}" if _PHONE.fullmatch(number) else _MASK


def mask_address(address: str) -> str:
    """大水坑镇新建村三组12号 → 大水坑镇新建村****: down to the village and no further."""
    found = _PLACE.match(address)
    return f"{found.group() if found else ''}{_MASK}"


def scrub(text: str) -> str:
    """A text without IDs and phone numbers, for whatever is kept where children's data may not be."""
    for pattern in (_ID, _PHONE, _PARTED_PHONE):
        text = pattern.sub(_MASK, text)
    return text


def without_names(text: str, contents: Iterable[Mapping[str, Any]]) -> str:
    """A text without the names of the children and guardians of some files, for the audit, which outlives them."""
    for content in contents:
        for name in (content.get("name"), content.get("guardian")):
            if isinstance(name, str) and len(name) > 1:
                text = text.replace(name, mask_name(name))
    return text


_MASKS: Mapping[str, Callable[[str], str]] = {
    "name": mask_name,
    "id_number": mask_id,
    "phone": mask_phone,
    "address": mask_address,
}


@cache
def _kind_of(key: str) -> Kind:
    """What stands under a key of a file's content."""
    for kind in ("name", "phone", "address"):
        if key == kind or key.endswith(f"_{kind}"):
            return kind
    if key == "number" or key.endswith("_number"):
        return "id_number"
    return "point" if key in _POINT or key.endswith("_point") else "rest"


class _Sights(dict[str, Sight]):
    """How much a view shows of what stands under a key, worked out once for each key; `full` are those in full."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.view = view
        self.full: set[str] = set()

    def __missing__(self, key: str) -> Sight:
        sight: Sight = getattr(self.view, _kind_of(key))
        self[key] = sight
        if sight is Sight.FULL:
            self.full.add(key)
        return sight


@cache
def _sights_of(role: Role, *, own_area: bool) -> _Sights:
    view = VIEWS[role]
    if not own_area:
        view = _BEYOND if view.name is Sight.FULL else _NOTHING
    return _Sights(view)


def _cut(sights: _Sights, content: Mapping[str, Any]) -> dict[str, Any]:
    shown, full = dict(content), sights.full
    for key, value in content.items():  # thousands of files pass here: what stays as it is costs little
        if key in full:
            kind = value.__class__
            if kind is str:
                if len(value) < _SHORTEST_ID:
                    continue
            elif kind is not dict and (kind is not list or _are_short(value)):
                continue
        value = _value(sights, key, value)
        if value is _HIDDEN:
            del shown[key]
        else:
            shown[key] = value
    return shown


def _are_short(items: list[Any]) -> bool:
    """Whether all are words with no room for an ID."""
    for item in items:  # noqa: SIM110 - a generator would cost more than what it looks at
        if item.__class__ is not str or len(item) >= _SHORTEST_ID:
            return False
    return True


def _value(sights: _Sights, key: str, value: Any) -> Any:
    sight = sights[key]
    if isinstance(value, str):
        if sight is Sight.FULL:
            # An ID may stand in a remark too.
            hides = len(value) >= _SHORTEST_ID and sights.view.id_number is not Sight.FULL
            return _ID.sub(lambda found: mask_id(found.group()), value) if hides else value
        return _MASKS[_kind_of(key)](value) if sight is Sight.MASKED and value else _HIDDEN
    if isinstance(value, dict):
        return _cut(sights, value)
    if isinstance(value, list):
        items = [_value(sights, key, item) for item in value]
        return [item for item in items if item is not _HIDDEN]
    return value if sight is Sight.FULL else _HIDDEN


def restored(edited: Any, whole: Any, shown: Any) -> Any:
    """What an editor, who was `shown` a part of the `whole`, means by `edited`: what was left as it was shown
    stays as it is. Raises InputError for a masked value that was changed, which nobody can complete."""
    if edited == shown:
        return whole
    if isinstance(edited, Mapping) and isinstance(whole, Mapping) and isinstance(shown, Mapping):
        unseen = {key: value for key, value in whole.items() if key not in shown and key not in edited}
        return unseen | {
            key: restored(value, whole.get(key), shown.get(key)) for key, value in edited.items()
        }
    if isinstance(edited, list):
        alike = (
            isinstance(whole, list) and isinstance(shown, list) and len(edited) == len(whole) == len(shown)
        )
        pairs = zip(whole, shown, strict=True) if alike else ((None, None) for _ in edited)
        return [restored(item, *pair) for item, pair in zip(edited, pairs, strict=True)]
    if isinstance(edited, Mapping):
        return {key: restored(value, None, None) for key, value in edited.items()}
    if isinstance(edited, str) and _MASK in edited:
        raise InputError("要保存的内容里有被遮盖的号码(****)", "填写完整的号码,或保持原来显示的样子不动")
    return edited
