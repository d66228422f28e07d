"""The kinds of files that a workspace takes in, and what people call them."""

# All or nothing.
PLACES = {"divisions": "行政区划", "institutions": "机构名录", "demand": "困境儿童需求"}
# Row by row: sound rows are taken although others are not.
LEDGERS = {
    "ledger": "困境儿童台账",
    "visits": "走访记录",
    "assistants": "民政协理员名册",
    "cadres": "干部包联台账",
    "officials": "干部名册",
    "incomes": "收入数据",
}
ROADS = {"roads": "道路"}
# Not files: what people change of the files of children, of the map, and of the rules; it moves the counts as an
# import does.
CHANGES = {
    "transfer": "跨乡镇转接",
    "correction": "更正档案",
    "closing": "关闭档案",
    "erasing": "清除身份信息",
    "regrouping": "区划调整",
    "rules": "更换规则集",
    "duties": "包联方案",
}
PAPERS = {**PLACES, **LEDGERS, **ROADS, **CHANGES}
