"""The columns of the 困境儿童台账, by every heading that papers use, in one row or in two levels."""

from __future__ import annotations

from planner.ledger.points import LON_LAT
from planner.ledger.tables import Column


def _grouped(groups: str, lowers: str) -> tuple[str, ...]:
    """Every group heading with every lower heading, e.g. 监护人 × 电话."""
    return tuple(group + lower for group in groups.split() for lower in lowers.split())


_HUKOU = "户籍 户籍地 户籍地址 户籍所在地 户口所在地 户口 户籍地区划"
_HOME = "现居住 现居住地 居住 居住地 现住 现住址 现居住地址 居住地址 常住地 实际居住地 现居地 经常居住地"
_TOWNSHIP = "乡镇 所在乡镇 乡 镇 乡镇街道 乡镇、街道 乡/镇 乡镇/街道"
_VILLAGE = "村 所在村 村居 行政村 村社区 村委会 村居委会 村、居 村/居 村/社区"
_GROUP = "组 村组 小组 村民小组 自然村 队"
_GUARDIAN = "监护人 监护人情况 监护人信息 监护人基本情况 主要监护人 实际监护人 现监护人 监护情况"
_ID = "身份证号 身份证号码 公民身份号码 公民身份证号 公民身份证号码 证件号码 证件号 身份证"
_PHONE = "电话 联系电话 联系方式 手机 手机号 手机号码 电话号码"

COLUMNS = (
    Column("姓名", ("儿童姓名", "困境儿童姓名", "孩子姓名"), required=True),
    Column("身份证号", (*_ID.split(), *_grouped("儿童", _ID)), required=True),
    Column(
        "出生日期",
        ("出生年月", "出生年月日", "出生时间", "生日", "儿童出生日期", "儿童出生年月"),
        required=True,
    ),
    Column("性别", ("儿童性别",), required=True),
    Column("民族", ("儿童民族",)),
    Column("户籍乡镇", _grouped(_HUKOU, _TOWNSHIP), required=True, fills=True),
    Column("户籍村", _grouped(_HUKOU, _VILLAGE), required=True, fills=True),
    Column("户籍组", _grouped(_HUKOU, _GROUP), fills=True),
    Column("居住乡镇", _grouped(_HOME, _TOWNSHIP), required=True, fills=True),
    Column("居住村", _grouped(_HOME, _VILLAGE), required=True, fills=True),
    Column("居住组", _grouped(_HOME, _GROUP), fills=True),
    Column(
        "困境类型", ("类别", "困境类别", "儿童类别", "困境儿童类型", "困境儿童类别", "类型"), required=True
    ),
    Column("父亲状况", ("父亲情况", "父亲", "父亲现状", "父状况", "父亲状态", "父亲监护状况"), required=True),
    Column("母亲状况", ("母亲情况", "母亲", "母亲现状", "母状况", "母亲状态", "母亲监护状况"), required=True),
    Column("困难情形", ("困难类型", "困难", "主要困难", "存在困难")),
    Column("临时困境起始日期", ("临时困境开始日期", "临时困境日期", "突发事件日期", "困境发生日期")),
    Column("临时困境复核日期", ("复核日期", "临时困境到期日期")),
    Column("监护人姓名", ("监护人", *_grouped(_GUARDIAN, "姓名"))),
    Column(
        "监护人关系", ("与儿童关系", "与监护人关系", *_grouped(_GUARDIAN, "关系 与儿童关系 与儿童的关系"))
    ),
    Column("监护人电话", (*_PHONE.split(), *_grouped(_GUARDIAN, _PHONE))),
    Column("监护人身份证号", _grouped(_GUARDIAN, _ID)),
    Column("安置方式", ("养育方式", "抚养方式", "安置情况")),
    Column(
        "残疾证号",
        ("残疾人证号", "残疾证", "残疾证号码", "残疾证证号", "残疾人证", "残疾人证号码", "残疾情况残疾证号"),
    ),
    Column("残疾类别", ("残疾类型", "残疾证类别", "残疾人证类别", "残疾情况类别")),
    Column("残疾等级", ("残疾级别", "残疾证等级", "残疾人证等级", "残疾情况等级")),
    Column("学校", ("就读学校", "所在学校", "学校名称", "就学学校", "就学情况学校")),
    Column("年级", ("就读年级", "所在年级", "学校年级", "就学年级", "就学情况年级")),
    Column("就学状况", ("就学情况", "就学状态", "学校就学状况", "入学情况", "就学情况就学状况")),
    Column("风险等级", ("风险", "等级", "风险级别")),
    Column("辅具需求", ("是否需要辅具", "辅具", "辅助器具需求", "需求辅具")),
    Column(
        "康复需求", ("是否需要康复", "康复", "需求康复", "辅具/康复需求", "辅具康复需求", "辅具/康复", "需求")
    ),
    Column(
        "已配", ("是否已配", "辅具已配", "已适配", "适配日期", "已配日期", "辅具/康复已配", "辅具康复已配")
    ),
    Column(
        "享受待遇", ("待遇", "享受政策", "保障情况", "已享受待遇", "享受救助", "享受救助情况", "享受保障")
    ),
    Column(
        "月标准", ("月标准元", "补助标准", "月补助标准", "每月标准", "享受待遇月标准", "待遇月标准", "标准")
    ),
    Column("低收入家庭", ("低收入", "是否低收入")),
    Column("建档立卡", ("建档立卡户", "是否建档立卡", "建档立卡贫困户")),
    Column("健康状况", ("健康", "身体状况", "身心健康", "儿童健康状况")),
    Column("住房", ("住房情况", "住房状况")),
    Column("备注", ("说明", "其他")),
    *LON_LAT,
    Column("民政协理员", ("协理员", "村民政协理员", "儿童主任", "民政协理员姓名", "协理员姓名"), fills=True),
    Column("包村干部", ("部门包村干部", "包村部门干部", "包村干部姓名"), fills=True),
    Column(
        "包联领导",
        ("包乡领导", "县级包联领导", "包联干部", "包抓领导", "县级领导", "包联领导姓名"),
        fills=True,
    ),
)
REQUIRED = tuple(column.name for column in COLUMNS if column.required)
