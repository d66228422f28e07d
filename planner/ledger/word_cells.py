"""Cells that hold words of a list: one or several, with the spellings that papers use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from planner.ledger.cells import Cell, Fault, comparable, day, is_blank, show, text
from planner.model.children import ParentStatus
from planner.model.words import (
    Basis,
    Benefit,
    CategoryWord,
    Difficulty,
    Grade,
    ParentState,
    Placement,
    SchoolStatus,
    Sex,
    Stage,
)

Value = TypeVar("Value")
Words = Mapping[str, Value]

_SEPARATORS = re.compile(r"[、,;/\\\n|+和及]+")
_NOTHING = frozenset({"无", "没有", "暂无", "/", "-", "—", "--", "——", "否", "×"})


def _words(*groups: tuple[Value, str]) -> dict[str, Value]:
    """A vocabulary: every spelling (parted by spaces) of each value, as compared."""
    return {comparable(word): value for value, spellings in groups for word in spellings.split()}


_SEXES = _words((Sex.MALE, "男 男性 男孩 1 m"), (Sex.FEMALE, "女 女性 女孩 2 f"))
_YES_NO = _words(
    (True, "是 有 1 ✓ √ ✔ ☑ y yes true 需要 需 已配 已适配 已配发 已享受 对"),
    (False, "否 无 0 ✗ ✘ × x ☒ ☐ □ n no false 不需要 不需 没有 未配 未适配 未配发 不是 - — /"),
)
_GRADES = _words(
    (Grade.HIGH, "高 高风险 红"), (Grade.MIDDLE, "中 中风险 中等 黄"), (Grade.LOW, "低 低风险 绿")
)
_CATEGORIES = _words(
    (CategoryWord.FAMILY, "家庭困境 家庭困境儿童 家庭"),
    (CategoryWord.POOR, "家庭贫困 家庭贫困儿童 贫困 贫困家庭 因贫困境"),
    (CategoryWord.SELF, "自身困境 自身困境儿童 自身"),
    (CategoryWord.DISABLED, "残疾 自身残疾 残疾儿童 重残 儿童残疾"),
    (CategoryWord.ILL, "重病 自身重病 患重病 大病 重大疾病 患重大疾病 重病儿童"),
    (CategoryWord.GUARDIANSHIP, "监护困境 监护困境儿童 监护"),
    (CategoryWord.NO_GUARDIAN, "监护缺失 监护缺失儿童 监护不当"),
    (CategoryWord.UNRAISED, "事实孤儿 事实无人抚养 事实无人抚养儿童 事实无人抚养孤儿"),
    (CategoryWord.ORPHAN, "孤儿 父母双亡 双亡孤儿 散居孤儿 社会散居孤儿"),
    (CategoryWord.TEMPORARY, "临时困境 临时困境儿童 临时"),
)
_PARENTS = _words(
    (ParentState.OK, "正常 健在 健康 良好"),
    (ParentState.DECEASED, "死亡 已死亡 去世 已去世 已故 病故 亡故 身故 亡"),
    (ParentState.MISSING, "失踪 宣告失踪"),
    (ParentState.DISABLED, "重残 重度残疾"),
    (ParentState.ILL, "重病 患重病 大病 重大疾病"),
    (ParentState.PRISON, "服刑 在押 服刑在押 判刑 入狱 羁押 被羁押 在监服刑"),
    (ParentState.REMARRIED, "改嫁 再嫁 再婚 改嫁他人"),
    (ParentState.LOST_CONTACT, "失联 失去联系 离家出走 出走"),
    (ParentState.DRUG_REHAB, "戒毒 强制戒毒 强制隔离戒毒"),
    (ParentState.OTHER_RESTRAINT, "其他限制人身自由 限制人身自由 被限制人身自由"),
    (ParentState.REVOKED, "撤销监护 撤销监护资格 被撤销监护资格 撤销监护人资格"),
    (ParentState.DEPORTED, "遣送 遣返 遣送出境 驱逐出境 遣送(驱逐)出境"),
    (ParentState.UNKNOWN, "不详 不明 未知 不清楚 情况不明"),
)
_BASES = _words(
    (Basis.COURT, "判决书 法院 法院判决 法院判决书 法院宣告 民事判决书"),
    (Basis.POLICE, "公安 公安机关 派出所 公安证明 派出所证明"),
    (Basis.VILLAGE, "村委 村委会 村委证明 村委会证明 居委会 居委会证明"),
)
_BENEFITS = _words(
    (Benefit.DIBAO, "低保 农村低保 城市低保 最低生活保障 享受低保 城乡低保"),
    (
        Benefit.ORPHAN_ALLOWANCE,
        "孤儿养育津贴 养育津贴 孤儿津贴 孤儿基本生活费 孤儿补贴 事实无人抚养儿童补贴 "
        "事实无人抚养孤儿养育津贴 事实无人抚养儿童基本生活补贴 基本生活费",
    ),
    (Benefit.TEKUN, "特困 特困供养 五保 五保供养 特困人员 特困人员供养 特困救助供养"),
    (
        Benefit.TWO_SUBSIDIES,
        "两项补贴 残疾人两项补贴 残疾两项补贴 困难残疾人生活补贴 重度残疾人护理补贴 残疾人护理补贴",
    ),
    (Benefit.TEMP_RELIEF, "临时救助"),
)
_SCHOOLING = _words(
    (SchoolStatus.ENROLLED, "在读 就读 在校 在学 上学 入学 已入学 在园 已入园"),
    (SchoolStatus.DROPPED_OUT, "辍学 失学"),
    (SchoolStatus.NOT_ENROLLED, "未入学 未就学 没有入学 未上学"),
    (SchoolStatus.NO_KINDERGARTEN, "未入园 学龄前未入园"),
    (SchoolStatus.HOME_TEACHING, "送教 送教上门"),
    (SchoolStatus.INCLUSIVE, "随班 随班就读"),
)
_PLACEMENTS = _words(
    (Placement.INSTITUTION_ORPHAN, "机构养育 集中养育 机构集中养育 福利机构养育"),
    (Placement.INSTITUTION_TEMPORARY, "机构临时监护照料 临时监护 机构临时监护 临时监护照料"),
    (Placement.KINSHIP, "亲属抚养 亲属养育 亲属照料"),
    (Placement.FOSTER, "家庭寄养 寄养"),
    (Placement.ADOPTION, "依法收养 收养"),
)
_DIFFICULTIES = _words(
    *((item, str(item)) for item in Difficulty),
    (Difficulty.LIVING, "生活困难"),
    (Difficulty.MEDICAL, "就医困难 医疗 看病"),
    (Difficulty.SCHOOL, "就学困难 上学 教育"),
    (Difficulty.INCLUSION, "社会融入"),
)
_ETHNIC_GROUPS = [
    "汉",
    "蒙古",
    "回",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "满",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "高山",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
]
_ETHNIC = {comparable(word): f"{name}族" for name in _ETHNIC_GROUPS for word in (name, f"{name}族")}
_STAGES: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    (Stage.COLLEGE, re.compile("大专|大学|高职|本科")),
    (Stage.SENIOR, re.compile("高[中一二三123]|职高|中职|中专|职中|技校")),
    (Stage.COMPULSORY, re.compile("小学|初[中一二三123]|[一二三四五六七八九1-9]年级|九年制")),
    (Stage.PRESCHOOL, re.compile("幼儿园|学前|[大中小]班")),
)
_TERM = re.compile(r"(?:(\d{1,3})年)?(?:(\d{1,4})个?月)?", re.ASCII)


def sex(cell: Cell) -> Sex | None:
    """男 or 女, also as 1 and 2 (GB/T 2261.1)."""
    return word(cell, _SEXES, "男、女")


def yes_no(cell: Cell) -> bool | None:
    """是 or 否 by any usual sign, ✓ and √ among them."""
    if isinstance(cell, bool):
        return cell
    return word(cell, _YES_NO, "是、否")


def yes_no_or_day(cell: Cell, *, date1904: bool = False) -> tuple[bool, date | None] | None:
    """是, 否, or the day on which it was done, which says 是."""
    if is_blank(cell):
        return None
    try:
        told = yes_no(cell)
        return None if told is None else (told, None)
    except Fault:
        try:
            done = day(cell, date1904=date1904)
        except Fault:
            raise Fault(f"“{show(cell)}”不是“是、否”或日期", "请填是、否,或2017-11-09样式的日期") from None
        return None if done is None else (True, done)


def grade(cell: Cell) -> Grade | None:
    """风险等级."""
    return word(cell, _GRADES, "高、中、低")


def categories(cell: Cell) -> tuple[CategoryWord, ...] | None:
    """困境类型, one or several."""
    return words(cell, _CATEGORIES, "家庭困境、自身困境、监护困境、临时困境")


def benefits(cell: Cell) -> tuple[Benefit, ...] | None:
    """享受待遇, one or several; empty for 无."""
    if is_blank(cell):
        return None
    if comparable(str(cell)) in _NOTHING:
        return ()
    return words(cell, _BENEFITS, "低保、特困、孤儿养育津贴、两项补贴、临时救助、无")


def difficulties(cell: Cell) -> tuple[Difficulty, ...] | None:
    """困难情形, one or several; empty for 无."""
    if is_blank(cell):
        return None
    return () if comparable(str(cell)) in _NOTHING else words(cell, _DIFFICULTIES, "、".join(Difficulty))


def school_status(cell: Cell) -> SchoolStatus | None:
    """就学状况."""
    return word(cell, _SCHOOLING, "在读、辍学、未入学、未入园、送教、随班")


def placement(cell: Cell) -> Placement | None:
    """安置方式."""
    if is_blank(cell) or comparable(str(cell)) in _NOTHING:
        return None
    return word(cell, _PLACEMENTS, "、".join(item.label for item in Placement))


def ethnicity(cell: Cell) -> str | None:
    """民族 by its full name, e.g. 回 → 回族."""
    return word(cell, _ETHNIC, "民族全称,如回族")


def stage_of(school: str | None, school_year: str | None) -> Stage | None:
    """学段 that 年级, or else the name of the school, speaks of; None where neither does."""
    for told in (school_year, school):
        if told is None:
            continue
        for stage, pattern in _STAGES:
            if pattern.search(comparable(told)):
                return stage
    return None


def parent_status(cell: Cell) -> ParentStatus | None:
    """状况 of a father or mother, one or several; in brackets how long, or on what paper 失踪 rests.

    E.g. 「服刑(3年6个月)」, 「失踪(判决书)」, 「改嫁、失联」. 正常 goes with nothing else.
    """
    written = text(cell)
    if written is None:
        return None
    term: float | None = None
    basis: Basis | None = None

    def take(match: re.Match[str]) -> str:
        nonlocal term, basis
        inside = comparable(match[1])
        if inside in _BASES:
            basis = _BASES[inside]
        elif (length := _TERM.fullmatch(inside)) and inside:
            term = 12.0 * int(length[1] or 0) + int(length[2] or 0)
        else:
            raise Fault(
                f"看不懂括号里的“{show(match[1])}”", "请写期限(如3年6个月)或依据(判决书、公安、村委证明)"
            )
        return ""

    folded = unicodedata.normalize("NFKC", written)
    if comparable(folded) in _PARENTS:  # 遣送(驱逐)出境 has brackets of its own
        states: tuple[ParentState, ...] = (_PARENTS[comparable(folded)],)
    else:
        bare = re.sub(r"\(([^()]*)\)", take, folded)
        found = words(bare, _PARENTS, "、".join(state.label for state in ParentState)) or ()
        if not found:
            raise Fault(f"“{show(cell)}”里没有状况", "请填正常、死亡、失踪、重残等;查不清的填“不详”")
        states = tuple(state for state in ParentState if state in found)
    if ParentState.OK in states and len(states) > 1:
        raise Fault("“正常”与其他状况写在一起", "请只填实际状况")
    return ParentStatus(states, term, basis)


def word(cell: Cell, vocabulary: Words[Value], offered: str) -> Value | None:
    """The value of the one word in a cell; None where it is blank. `offered` names the list in the fix."""
    written = text(cell)
    return None if written is None else _one(written, vocabulary, offered)


def words(cell: Cell, vocabulary: Words[Value], offered: str) -> tuple[Value, ...] | None:
    """The values of the words in a cell, in order, each once; None where it is blank."""
    written = text(cell)
    if written is None:
        return None
    if (whole := vocabulary.get(comparable(written))) is not None:
        return (whole,)
    folded = unicodedata.normalize("NFKC", written)
    items = [item for part in _SEPARATORS.split(folded) for item in part.split()]
    if not items:
        raise Fault(f"“{show(cell)}”里没有内容", f"可填:{offered}")
    return tuple(dict.fromkeys(_one(item, vocabulary, offered) for item in items))


def _one(written: str, vocabulary: Words[Value], offered: str) -> Value:
    if (found := vocabulary.get(comparable(written))) is not None:
        return found
    close = get_close_matches(comparable(written), vocabulary, n=1)
    hint = f"是否为“{close[0]}”?" if close else ""
    raise Fault(f"“{show(written)}”不在可选范围内", f"{hint}可填:{offered}")
