"""Run the benchmarks and write benchmarks/results.md. See `make bench`.

python -m benchmarks                    # all of them, as the page shows them
python -m benchmarks peers limits       # some; what is known of the others stays
python -m benchmarks --quick peers      # under a minute each: does it run? Prints, stores nothing
"""

import argparse
import importlib
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from benchmarks import report


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for and return 0; a benchmark that fails stops with its own error, and what was stored stays."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(report.BENCHMARKS)}; all when left out"
    )
    parser.add_argument(
        "--quick", action="store_true", help="a short form of each; the results are printed and not stored"
    )
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(report.BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}. There are {', '.join(report.BENCHMARKS)}")
    for name in options.names or report.BENCHMARKS:
        start = time.perf_counter()
        found = importlib.import_module(f"benchmarks.{name}").measure(options.quick)
        seconds = time.perf_counter() - start
        for table in found.tables:
            print(f"\n{table.title}", *(" | ".join(map(str, row)) for row in (table.columns, *table.rows)), sep="\n")
        for ratio in found.ratios:
            print(f"{ratio.name}: {report.spread(ratio.values)} times")
        print(f"{name}: {seconds:.0f} s", flush=True)
        if not options.quick:
            report.store(name, found, seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
