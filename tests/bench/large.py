# SPDX-License-Identifier: Apache-2.0
"""A large warehouse: made once, then read by what checks, scorecard and `verify` ask of it."""
import json

from measure import measured, megabytes, require

FIGURES = {
    "12 reps x 12 weeks x 5 KPIs, reader opened": "read: scorecard, 12 reps x 12 weeks, ms",
    "500 reps x 52 weeks x 5 KPIs, reader opened": "read: scorecard, 500 reps x 52 weeks, ms",
    "`scorecard --team`, 12 weeks, checks included": "read: scorecard with its checks, ms",
}


REPS, ACCOUNTS = 500, 50_000


def large_warehouse(bench, calls=None, reps=REPS, accounts=ACCOUNTS, folder="."):
    """Its file. One that is there already is taken as it is, so that --large can keep it."""
    calls = calls or bench.options.calls
    path = bench.large / folder / "nudged.db"
    if not path.exists():
        print(f"making a warehouse of {calls:,} calls and {reps:,} reps in {path.parent}", flush=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        unready = path.with_suffix(".unready")
        measured([bench.bin / "bench_read", "make", unready, *map(str, (calls, reps, accounts))])
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


def checks(bench):
    """All checks: over ten times the calls, in one run, and with many reps and accounts."""
    options = bench.options
    few = large_warehouse(bench, options.calls // 10, folder="few")
    many = large_warehouse(bench)
    told = measured([bench.bin / "bench_checks", "5", str(REPS), few, str(REPS), many])
    small, large = told["files"]
    reps, accounts = options.reps, 100 * options.reps
    whole = large_warehouse(bench, options.calls // 10, reps, accounts, folder="reps")
    organisation = measured([bench.bin / "bench_checks", "3", str(reps), whole])
    of = f" of {reps:,} reps, {accounts:,} accounts"
    return {
        "checks: CPU / with a tenth of the calls": large["cpu_ms"] / small["cpu_ms"],
        "checks: wall / with a tenth of the calls": large["wall_ms"] / small["wall_ms"],
        "checks: ms": large["wall_ms"],
        "checks: findings": large["findings"],
        "checks: CPU after 100 changes / of all": large["changed_ms"] / large["cpu_ms"],
        "checks: CPU after 100 changes, ms": large["changed_ms"],
        "checks: CPU after none, ms": large["unchanged_ms"],
        "checks: s" + of: organisation["files"][0]["wall_ms"] / 1000,
        "checks: CPU after 100 changes / of all" + of: organisation["files"][0]["changed_ms"] /
        organisation["files"][0]["cpu_ms"],
        "checks: CPU after 100 changes, ms" + of: organisation["files"][0]["changed_ms"],
        "checks: findings" + of: organisation["files"][0]["findings"],
        "checks: MB" + of: organisation["peak_mb"],
    }
