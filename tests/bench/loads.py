# SPDX-License-Identifier: Apache-2.0
"""Works that load: a first time, again, what has changed, while alerts are written, and ever more."""
import math, statistics

from measure import NOTHING, Minimal, Nudged, measured, megabytes, require

FEW = 10_000


def first_load(bench):
    records, url = bench.options.records, bench.crm.url
    ours, theirs = Nudged(bench, "first"), Minimal(bench, "first")
    idle = Nudged(bench, "idle").sync(url(0))
    a, b = bench.by_turns(lambda: ours.sync(url(records)), lambda: theirs.sync(url(records)))
    require(a["changed"] >= records, "a first load that stores everything")
    sizes = megabytes(ours.path), megabytes(theirs.path)
    again = ours.sync(url(records))
    require(again["records"] >= records and again["changed"] == 0, "a load of unchanged records")
    return {
        "first load: wall / minimal": a["wall"] / b["wall"],
        "first load: CPU / minimal": a["cpu"] / b["cpu"],
        "first load: rows/s": records / a["wall"],
        "first load: minimal's rows/s": records / b["wall"],
        "first load: bytes written a row": a["written"] / records,
        "first load: minimal's bytes a row": b["written"] / records,
        "first load: MB above idle": a["peak_mb"] - idle["peak_mb"],
        "first load: MB on disk": sizes[0],
        "first load: minimal's MB on disk": sizes[1],
        "unchanged: rows/s / minimal's first": b["wall"] / again["wall"],
        "unchanged: rows/s": records / again["wall"],
        "unchanged: CPU us a row": again["cpu"] / records * 1e6,
        **few_changed(bench, ours),
    }


def few_changed(bench, loaded):
    """A few changed records of many, against as many changed of no more than those: the latest ones, which is
    what people work on, and ones from all over the account. And against as many new ones on an empty warehouse.
    All less what a sync of nothing takes on the empty one, whose schema is there: a start would make them
    alike. What a start on the full one takes longer counts as its cost."""
    records, url = bench.options.records, bench.crm.url
    few = min(FEW, records)
    empty, small = Nudged(bench, "empty"), Nudged(bench, "small")
    empty.sync(url(0))
    nothing = empty.sync(url(*NOTHING))
    new = empty.sync(url(records, few))
    small.sync(url(few))
    alone = small.sync(url(few, few))
    all_over = loaded.sync(url(records, few))
    latest = loaded.sync(url(records, few, "/latest"))
    for one in (new, alone, all_over, latest):
        require(one["records"] >= few - 3, f"a sync of {few} records")
        # A hundredth of the latest have been changed with those from all over.
        require(one["changed"] >= one["records"] * 0.98, f"a sync of {few} changed records")

    def ratio(what, one, to):
        return (one[what] - nothing[what]) / (to[what] - nothing[what])

    return {
        "10,000 latest changed: wall / of 10,000": ratio("wall", latest, alone),
        "10,000 latest changed: CPU / of 10,000": ratio("cpu", latest, alone),
        "10,000 latest changed: bytes written a row": latest["written"] / latest["records"],
        "10,000 changed: wall / of 10,000": ratio("wall", all_over, alone),
        "10,000 changed: CPU / of 10,000": ratio("cpu", all_over, alone),
        "10,000 changed: wall / new on empty": ratio("wall", all_over, new),
        "10,000 changed: CPU / new on empty": ratio("cpu", all_over, new),
        "10,000 changed: bytes written a row": all_over["written"] / all_over["records"],
        "10,000 changed: ms": all_over["wall"] * 1000,
        "10,000 changed: ms, of that for nothing": nothing["wall"] * 1000,
        "10,000 changed of 10,000: ms": alone["wall"] * 1000,
    }


def many_changed(bench):
    records, url = bench.options.records, bench.crm.url
    ours, theirs = Nudged(bench, "changed"), Minimal(bench, "changed")
    ours.sync(url(records))
    theirs.sync(url(records))
    many = records // 20
    a, b = bench.by_turns(lambda: ours.sync(url(records, many)),
                          lambda: theirs.sync(url(records, many)))
    require(a["changed"] == a["records"] >= many - 3, "a sync of changed records")
    return {
        "5 % changed: bytes written a row": a["written"] / many,
        "5 % changed: minimal's bytes a row": b["written"] / many,
        "5 % changed: wall / minimal": a["wall"] / b["wall"],
        "5 % changed: CPU / minimal": a["cpu"] / b["cpu"],
    }


def urgent(bench):
    """Small commits from the loop, each 20 ms, while all of a first load runs."""
    told = Nudged(bench, "urgent").sync(bench.crm.url(bench.options.records), "urgent")
    return {"first load: longest urgent commit, ms": told["longest_urgent_ms"]}


def lanes(bench):
    """Findings and messages, each 50 ms, while calls are loaded whose keys come in no order."""
    told = measured([bench.bin / "bench_lanes", str(bench.options.lanes), bench.folder])
    return {
        "lanes: longest finding and message, ms": told["longest_ms"],
        "lanes: 99 % of them, ms": told["p99_ms"],
        "lanes: median, ms": told["median_ms"],
        "lanes: commits": told["commits"],
        "lanes: calls/s meanwhile": told["records"] / told["seconds"],
    }


def rollups(bench):
    told = measured([bench.bin / "bench_rollups", str(bench.options.rollups)])
    return {"rollups: counting, CPU us a call": told["counting_us"],
            "rollups: writing, CPU us a call": told["writing_us"]}


def growth(bench):
    """First loads of ever more. A load of nothing is taken off, since it would slow the small ones."""
    nothing = Nudged(bench, "nothing").sync(bench.crm.url(0))
    figures, rates = {}, {}
    for records in sorted(bench.options.growth):
        ours = Nudged(bench, f"of_{records}")
        told = ours.sync(bench.crm.url(records))
        require(told["changed"] >= records, "a first load that stores everything")
        require(told["wall"] > nothing["wall"], f"a load of {records} records: too few")
        rates[records] = records / (told["wall"] - nothing["wall"])
        figures |= {
            f"growth: rows/s of {records:,}": rates[records],
            f"growth: CPU us a row of {records:,}": told["cpu"] / records * 1e6,
            f"growth: bytes written a row of {records:,}": told["written"] / records,
            f"growth: MB above idle of {records:,}": told["peak_mb"] - nothing["peak_mb"],
            f"growth: MB on disk of {records:,}": megabytes(ours.path),
        }
        bench.clear()
    if len(rates) > 1:
        tens = [math.log10(records) for records in rates]
        fit = statistics.linear_regression(tens, [math.log(rate) for rate in rates.values()])
        figures |= {
            "growth: rows/s fall per factor 10, %": 100 * (1 - math.exp(fit.slope)),
            "growth: rows/s of 100 M, extrapolated": math.exp(fit.intercept + fit.slope * 8),
        }
    return figures
