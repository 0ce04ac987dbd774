# SPDX-License-Identifier: Apache-2.0
"""A large warehouse: made once, then read by what checks, scorecard and `verify` ask of it."""
import json

from measure import measured, megabytes, require

FIGURES = {
    "12 reps x 12 weeks x 5 KPIs, reader opened": "read: scorecard, 12 reps x 12 weeks, ms",
    "500 reps x 52 weeks x 5 KPIs, reader opened": "read: scorecard, 500 reps x 52 weeks, ms",
    "`scorecard --team`, 12 weeks, checks included": "read: scorecard with its checks, ms",
}


def large_warehouse(bench):
    """Its file. One that is there already is taken as it is, so that --large can keep it."""
    path = bench.large / "nudged.db"
    if not path.exists():
        print(f"making a warehouse of {bench.options.calls:,} calls in {bench.large}", flush=True)
        bench.large.mkdir(parents=True, exist_ok=True)
        unready = path.with_suffix(".unready")
        measured([bench.bin / "bench_read", "make", unready, str(bench.options.calls)])
        unready.rename(path)
    return path


def read(bench):
    path = large_warehouse(bench)
    told = measured([bench.bin / "bench_read", path, "--json"])
    require(told["verify every rollup"]["answers"] == 0, "a warehouse whose sums are right")
    figures = {"large warehouse: MB on disk": megabytes(path)}
    for what, of in told.items():
        if isinstance(of, dict):
            figures[FIGURES.get(what, f"read: {what}, ms")] = of["wall_ms"]
    return figures
