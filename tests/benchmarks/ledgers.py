"""Ledgers into a workspace of the demo: time and peak memory of `planner import ledger`, and the kills of R-CRASH."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from planner.demo import DATA_DAY, make_demo
from planner.demo.content import make_content
from planner.demo.ledger_file import ledger_workbook
from planner.demo.people_content import make_people
from planner.demo.region import read_region
from planner.model.divisions import build_tree
from planner.store.audit_log import verify
from planner.store.children import count_files
from planner.store.reads import import_log
from planner.store.workspace import open_workspace
from tests.benchmarks.figures import Figure

COUNTY = "640324"
SMALL, LARGE = 5_000, 50_000
TARGET_S = {SMALL: 15, LARGE: 150}
PEAK_MB = 600
KILLS = 50
_WRITES = "写入"  # how the line begins that says so
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Import:
    """One `planner import ledger` as a process: what it took, and what it told."""

    seconds: float
    processor_s: float
    peak_mb: float
    lines_told: int
    writing_s: float
    accepted: int
    skipped: int


def measure_ledgers() -> Iterator[Figure]:
    """Imports of 5,000 and of 50,000 rows into a workspace without files, then the larger one a second time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty = _empty_workspace(folder)
        for rows in (SMALL, LARGE):
            ledger = _ledger(folder, rows)
            workspace = _copy(empty, folder / f"of-{rows}")
            for told in ("first", "again"):
                done = _import(ledger, workspace)
                expected = (rows, 2) if told == "first" else (0, rows + 2)
                if (done.accepted, done.skipped) != expected:
                    raise RuntimeError(f"{done.accepted} rows accepted, {done.skipped} left out, {told}")
                title = f"ledger of {rows:,} rows imported, {told}"
                yield Figure(title, [done.seconds], "s", TARGET_S[rows])
                yield Figure(f"{title}: seconds of the processor", [done.processor_s], "s", TARGET_S[rows])
                yield Figure(f"{title}: peak memory", [done.peak_mb], "MB", PEAK_MB)
                if rows == LARGE and done.lines_told < rows // 10_000:
                    raise RuntimeError(f"only {done.lines_told} lines of progress")


def measure_kills() -> Iterator[Figure]:
    """50 times kill -9 at a random moment of an import of 5,000 rows; the workspace goes on until one is committed.

    The moments are drawn by a seed: half of them over the whole import, half from when it says that it writes to
    its end, for it is there that something could go wrong. After each kill none of the rows is there or all of them, the audit chain is whole,
    and no file is left over.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledger, empty = _ledger(folder, SMALL), _empty_workspace(folder)
        timed = _import(ledger, _copy(empty, folder / "timed"))
        moments = random.Random(0)
        fell: Counter[str] = Counter()
        faults: list[str] = []
        workspace = _copy(empty, folder / "killed-0")
        number = 0
        while fell.total() - fell["ended before"] < KILLS:
            number += 1
            once_it_writes = number % 2 == 0
            after_s = moments.uniform(0, timed.writing_s if once_it_writes else timed.seconds)
            was_killed = _kill(ledger, workspace, folder / "temp", after_s, once_it_writes=once_it_writes)
            rows, wrong = _state_after(workspace, folder / "temp")
            faults += [f"kill {number} after {after_s:.2f} s: {item}" for item in wrong]
            fell[
                "ended before" if not was_killed else "after the commit" if rows else "before the commit"
            ] += 1
            if rows or fell.total() - fell["ended before"] == KILLS:
                again = _import(ledger, workspace)
                if again.accepted != SMALL - rows or _files(workspace) != SMALL:
                    faults.append(f"kill {number}: {again.accepted} rows accepted by the import after it")
                workspace = _copy(empty, folder / f"killed-{number}")
        told = ", ".join(f"{count} {moment}" for moment, count in sorted(fell.items()))
        yield Figure(f"faults after {KILLS} kills ({told})", [len(faults)], "", 0)
        if faults:
            raise RuntimeError("\n".join(faults))


def _empty_workspace(folder: Path) -> Path:
    """A demo of the county without people, nothing but its divisions, institutions and counts."""
    make_demo(folder / "empty", counties=[COUNTY], people=False).engine.dispose()
    return folder / "empty"


def _ledger(folder: Path, rows: int) -> Path:
    """The ledger of a county with so many generated children, all of them different."""
    region = read_region()
    content = make_content(region, [COUNTY], children=rows, seed=0)
    children = make_people(content, region, seed=0).children
    path = folder / f"{rows}.xlsx"
    path.write_bytes(ledger_workbook(children, tree=build_tree(content.divisions), area=COUNTY))
    return path


def _copy(workspace: Path, target: Path) -> Path:
    """A copy of a workspace, with its key file and the end of its audit chain."""
    shutil.copytree(workspace, target)
    for beside in workspace.parent.glob(f"{workspace.name}.*"):
        shutil.copy(beside, target.parent / beside.name.replace(workspace.name, target.name, 1))
    return target


def _command(ledger: Path, workspace: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "planner",
        "import",
        "ledger",
        str(ledger),
        "--workspace",
        str(workspace),
        "--json",
    ]


def _import(ledger: Path, workspace: Path) -> Import:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
        began_s = time.perf_counter()
        process = subprocess.Popen(_command(ledger, workspace), stdout=out, stderr=told)
        peak, processor_s, writes_s = 0, 0.0, began_s
        while process.poll() is None:
            peak = max(peak, _peak_of(process.pid))
            with suppress(psutil.NoSuchProcess):
                times = psutil.Process(process.pid).cpu_times()
                processor_s = max(processor_s, times.user + times.system)
            if _WRITES.encode() not in os.pread(told.fileno(), 1 << 16, 0):
                writes_s = time.perf_counter()
            time.sleep(0.05)
        ended_s = time.perf_counter()
        out.seek(0)
        told.seek(0)
        lines = told.read().decode().splitlines()
        if process.returncode:
            raise RuntimeError("\n".join(lines))
        report = json.load(out)
    progress = sum("……" in line for line in lines)
    return Import(
        seconds=ended_s - began_s,
        processor_s=processor_s,
        peak_mb=peak / _MIB,
        lines_told=progress,
        writing_s=ended_s - writes_s,
        accepted=report["accepted"],
        skipped=report["skipped"],
    )


def _peak_of(pid: int) -> int:
    """The most memory that the process had so far, as the kernel counts it, in bytes; 0 once it has gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    kib = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
    return int(kib) * 1024


def _kill(ledger: Path, workspace: Path, temp: Path, after_s: float, *, once_it_writes: bool) -> bool:
    """Start an import and kill it so long after its start, or its first row written; False where it had ended."""
    temp.mkdir(exist_ok=True)
    process = subprocess.Popen(
        _command(ledger, workspace),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temp)},
        text=True,
    )
    with process:
        if once_it_writes and process.stderr is not None:
            next(line for line in process.stderr if line.startswith(_WRITES))
        try:
            process.wait(after_s)
        except subprocess.TimeoutExpired:
            process.kill()
            return True
    return False


def _files(workspace: Path) -> int:
    """How many files of children the workspace holds."""
    here = open_workspace(workspace)
    try:
        return count_files(here, as_of=DATA_DAY)
    finally:
        here.engine.dispose()


def _state_after(workspace: Path, temp: Path) -> tuple[int, list[str]]:
    """The files of children there are, and what is not as it should be."""
    here = open_workspace(workspace)
    try:
        rows = count_files(here, as_of=DATA_DAY)
        imports = (import_log(here)["内容"] == "困境儿童台账").sum()
        verdict = verify(here)
    finally:
        here.engine.dispose()
    left = {path.name for path in workspace.iterdir()} - {"workspace.toml", "planner.sqlite"}
    left |= {path.name for path in temp.iterdir()}
    wrong = [] if rows in (0, SMALL) else [f"{rows} rows"]
    if imports != bool(rows):
        wrong.append(f"{imports} lines of the journal with {rows} rows")
    if not verdict.whole:
        wrong.append(f"audit: {verdict.problem}")
    return rows, wrong + [f"left over: {item}" for item in sorted(left)]
