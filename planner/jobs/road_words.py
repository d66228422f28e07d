"""What is told of an import of roads, in words: the same on the command line and on the page."""

from __future__ import annotations

from planner.jobs.roads import Distances, RoadsReport


def report_lines(report: RoadsReport) -> list[str]:
    """An import of roads for people."""
    network, noding = report.network, report.network.noding
    skipped = "、".join(f"{reason}{count}条" for reason, count in report.skipped.items())
    left_out = report.read - report.accepted
    by_class = "、".join(f"{title}{km:.1f}公里" for title, km in network.km_by_class.items())
    joined = f"{noding.joined_before * 100:.1f}% → {noding.joined_after * 100:.1f}%"
    return [
        f"{'已导入' if report.written else '没有变化的'}道路:读取{report.read}条,接受{report.accepted}条,"
        f"跳过{left_out}条{f'({skipped})' if skipped else ''}",
        f"路网:{network.nodes}个路口,{network.edges}个路段,{network.arcs}个行车方向,{network.km:.1f}公里",
        f"其中{by_class}",
        f"可互通的最大部分占长度{network.main_share * 100:.1f}%,在它之外{network.outside_km:.1f}公里",
        f"接线:容差{noding.tolerance_m:g}米,接合端点{noding.ends_joined}个,断头接到线上{noding.lines_split}处,"
        f"交叉作路口{noding.crossings}处,最大连通部分占长度{joined}",
        *(_distance_line(item) for item in report.distances),
        *(f"提示:{notice}" for notice in report.notices),
    ]


def _distance_line(item: Distances) -> str:
    if item.median_m is None or item.ninety_m is None or item.most_m is None:
        return f"{item.title}离路:{item.places}个,都没有定位"
    unlocated = f",另有{item.unlocated}个没有定位" if item.unlocated else ""
    too_far = f",{item.too_far}个离路太远、算不可达" if item.too_far else ""
    return (
        f"{item.title}离路:{item.places - item.unlocated}个,中位{item.median_m:.0f}米,九成在{item.ninety_m:.0f}米内,"
        f"最远{item.most_m:.0f}米({item.farthest}){too_far}{unlocated}"
    )
