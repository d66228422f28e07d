"""Names of people who do not exist: surnames and characters of given names put together by chance.

Surnames and their weights follow what is usual among the Han and the Hui of Ningxia, roughly; no list of real
people is behind them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum

import numpy as np

from planner.demo.lots import Lot, happens, one_of
from planner.model.words import Sex

HAN, HUI = "汉族", "回族"


class Generation(StrEnum):
    """By whose fashion a name is given."""

    ELDER = "elder"
    GROWN = "grown"
    YOUNG = "young"


_ELDER_UNTIL, _GROWN_UNTIL = 1968, 1998
_HAN_SURNAMES = Lot.of(
    dict.fromkeys("王李张刘", 8.0)
    | dict.fromkeys("陈杨赵马吴周", 4.0)
    | dict.fromkeys("徐孙朱高郭何罗郑梁宋唐韩冯董程曹许", 2.0)
    | dict.fromkeys(
        "袁邓沈彭吕苏蒋蔡贾丁魏薛阎余潘杜戴夏汪田任姜范方石姚侯邵孟段雷汤尹史顾郝孔白崔康毛秦武乔贺龚文", 0.8
    )
)
_HUI_SURNAMES = Lot.of(
    {"马": 30.0, "杨": 9.0, "李": 7.0, "王": 6.0, "张": 5.0}
    | dict.fromkeys("丁白海金田罗何周冯", 3.0)
    | dict.fromkeys("苏买虎锁撒黑哈拜禹兰穆沙", 1.2)
)
# Characters that come first and second in a given name of two, and alone.
_CHARACTERS = {
    (Generation.ELDER, Sex.MALE): ("建国志文学德福生永玉万成占明世正", "国军明忠林贵福生宝成平海山才财虎", "军刚林海山"),
    (Generation.ELDER, Sex.FEMALE): ("秀桂玉凤翠月春兰淑存彩会", "英兰花梅芳珍莲霞琴香菊娥", "兰霞琴英"),
    (Generation.GROWN, Sex.MALE): ("建小晓志海文永学正彦进占", "军龙明虎林强东峰伟平鹏宝", "军强伟东涛鹏"),
    (Generation.GROWN, Sex.FEMALE): ("小晓海玉春红丽秀雪彦", "燕梅霞红花兰萍玲芳琴丽娟", "燕霞娟丽红"),
    (Generation.YOUNG, Sex.MALE): ("浩宇文俊子嘉天志明思小家佳博泽晨", "轩博杰涵阳豪远辉鹏飞龙凯瑞佑源亮翔昊然", "浩宇轩博杰阳瑞凯涛"),
    (Generation.YOUNG, Sex.FEMALE): ("雨欣梦佳思诗晓雅嘉小子海梓若静", "婷怡雪悦琪涵瑶萱燕丽慧玲芳彤颖妍月", "婷雪悦瑶雯慧倩"),
}  # fmt: skip
_HUI_OWN = {
    Sex.MALE: ("尔撒", "穆萨", "伊布", "尤素", "主麻", "哈三", "海米", "努海", "阿丹", "尔里"),
    Sex.FEMALE: ("阿依舍", "法图麦", "麦燕", "海车", "索菲", "哈咪", "古拜"),
}
_HUI_OWN_SHARES = {Generation.ELDER: 0.30, Generation.GROWN: 0.18, Generation.YOUNG: 0.10}
_ALONE_SHARE = 0.14
_TRIES = 200


def surname(ethnicity: str, chance: np.random.Generator) -> str:
    """A surname as it is usual among the 回族, or among everybody else."""
    return (_HUI_SURNAMES if ethnicity == HUI else _HAN_SURNAMES).draw(chance)


def given_name(sex: Sex, ethnicity: str, born: date, chance: np.random.Generator) -> str:
    """A given name of one to three characters in the fashion of the year of birth."""
    generation = _generation(born)
    if ethnicity == HUI and happens(_HUI_OWN_SHARES[generation], chance):
        return one_of(_HUI_OWN[sex], chance)
    first, second, alone = _CHARACTERS[generation, sex]
    if happens(_ALONE_SHARE, chance):
        return one_of(alone, chance)
    return one_of(first, chance) + one_of(second, chance)


def new_name(
    sex: Sex,
    ethnicity: str,
    born: date,
    chance: np.random.Generator,
    *,
    family: str | None = None,
    taken: Collection[str] = (),
) -> str:
    """A name that is not `taken`, of the surname `family` where it is given.

    Where so many are taken that none is found by chance, a character more is put in.
    """
    for _ in range(_TRIES):
        name = (family or surname(ethnicity, chance)) + given_name(sex, ethnicity, born, chance)
        if name not in taken:
            return name
    _, second, _ = _CHARACTERS[_generation(born), sex]
    while name in taken:
        name += one_of(second, chance)
    return name


def _generation(born: date) -> Generation:
    if born.year < _ELDER_UNTIL:
        return Generation.ELDER
    return Generation.GROWN if born.year < _GROWN_UNTIL else Generation.YOUNG
