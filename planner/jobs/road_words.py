"""What is told of an import of roads, in words: the same on the command line and on the page."""

from __future__ import annotations

from collections.abc import Iterator

from planner.jobs.roads import Distances, RoadsReport


def report_lines(report: RoadsReport) -> list[str]:
    """An import of roads for people, line by line; the page puts each line into its language."""
    network, noding = report.network, report.network.noding
    done = "已导入" if report.written else "没有变化的"
    lines = [
        f"{done}道路:读取{report.read}条,接受{report.accepted}条,跳过{report.read - report.accepted}条",
        f"路网:{network.nodes}个路口,{network.edges}个路段,{network.arcs}个行车方向,{network.km:.1f}公里",
        f"其中{'、'.join(f'{title}{km:.1f}公里' for title, km in network.km_by_class.items())}",
        f"可互通的最大部分占长度{network.main_share * 100:.1f}%,在它之外{network.outside_km:.1f}公里",
        f"接线:容差{noding.tolerance_m:g}米,接合端点{noding.ends_joined}个,断头接到线上{noding.lines_split}处,"
        f"交叉作路口{noding.crossings}处,最大连通部分占长度{noding.joined_before * 100:.1f}% → "
        f"{noding.joined_after * 100:.1f}%",
    ]
    if report.skipped:
        lines.insert(
            1, f"跳过的:{'、'.join(f'{reason}{count}条' for reason, count in report.skipped.items())}"
        )
    for item in report.distances:
        lines += _distance_lines(item)
    return [*lines, *(f"提示:{notice}" for notice in report.notices)]


def _distance_lines(item: Distances) -> Iterator[str]:
    if not item.places:
        return
    if item.median_m is None or item.ninety_m is None or item.most_m is None:
        yield f"{item.title}离路:{item.places}个,都没有定位"
        return
    yield (
        f"{item.title}离路:{item.places - item.unlocated}个,中位{item.median_m:.0f}米,"
        f"九成在{item.ninety_m:.0f}米内,最远{item.most_m:.0f}米({item.farthest})"
    )
    if item.too_far:
        yield f"{item.title}离路太远、算不可达:{item.too_far}个"
    if item.unlocated:
        yield f"{item.title}没有定位:{item.unlocated}个"
