// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/pull.hpp"

#include "connectors/sources/http/list_walk.hpp"

#include <algorithm>

namespace nudged::sources {
namespace {

/// What a walk may be asked to leave out: it was told by the last one. Nothing for the first.
void add_since(const WalkPlan& plan, const ListWalk& walk, Asking& asking) {
    if (const auto begun = walk.last_begun())
        asking.variables["walk.since"] = *begun - plan.window.lookback;
}

/// A mark that the CRM has forgotten is dropped; a chain of pages that breaks in its middle begins
/// again later.
asio::awaitable<Answer> ask_page(const Pull& pull, const StreamPlan& stream, const WalkPlan& plan,
                                 const json::Path& records, ListWalk& walk, model::Page& page) {
    auto asking = asking_for(pull, plan.passes[walk.pass()], walk.at());
    add_since(plan, walk, asking);
    asking.told = {ErrorClass::restart_stream};
    auto answer = co_await ask_whole_rows(pull, stream, records, asking, page);
    if (answer.kind != ErrorClass::restart_stream) co_return answer;
    if (!walk.at().is_first())
        throw WalkBroken(FailureKind::transient, "the CRM has forgotten the page that follows");
    walk.restart();
    auto again = asking_for(pull, plan.passes.front(), walk.at());
    add_since(plan, walk, again);
    co_return co_await ask_whole_rows(pull, stream, records, again, page);
}

/// Moves the walk on, and the page's cursor with it.
void take(const Pull& pull, const WalkPlan& plan, const Answer& answer, const Tally& tally,
          ListWalk& walk, model::Page& page) {
    const auto& request = pull.request_of(plan.passes[walk.pass()]);
    if (request.mark)
        if (const auto mark = json::scalar(request.mark->find(*answer.document)))
            walk.mark(std::string{*mark});
    walk.note(tally);
    auto next = next_page(request.pager, walk.at(), seen_in(answer, tally));
    page.more = walk.take(std::move(next), pull.clock());
    page.cursor = walk.cursor();
}

ListWalk::Pages pages_of(const Pull& pull, const WalkPlan& plan) {
    const auto moves = [&](const Call& call) {
        const auto& pager = pull.request_of(call).pager;
        return pager.is_counted() && !pager.stable;
    };
    return std::ranges::any_of(plan.passes, moves) ? ListWalk::Pages::move : ListWalk::Pages::stay;
}

/// What the end of a complete list says of the records that it did not tell.
model::Page::Snapshot snapshot_of(const StreamPlan& stream, bool begins, model::Page& page) {
    model::Page::Snapshot snapshot;
    snapshot.begins = begins;
    snapshot.ends = !page.more;
    if (!snapshot.ends) return snapshot;
    for (const auto& absent : stream.absent) {
        const auto value = absent.is_now ? model::Value{to_millis(page.fetched_at)}
                                         : convert(absent.rule, std::nullopt, page);
        if (value) snapshot.closes.push_back({absent.rule.field, *value, !absent.is_now});
    }
    snapshot.is_reread = !stream.absent.empty() && stream.by_id.has_value();
    return snapshot;
}

}  // namespace

asio::awaitable<model::Page> pull_list(const Pull& pull, const Route& route, model::Cursor from) {
    model::Page page;
    page.fetched_at = pull.clock();
    const auto pages = route.stream.complete ? pages_of(pull, route.walk) : ListWalk::Pages::stay;
    ListWalk walk{from, route.walk.passes.size(), pages};
    const auto answer =
        co_await ask_page(pull, route.stream, route.walk, route.records, walk, page);
    const bool begins = walk.at_beginning();
    const auto tally = co_await read_records(pull, answer, route.stream, route.records, page);
    co_await complete_records(pull, route.stream, page);
    take(pull, route.walk, answer, tally, walk, page);
    if (route.stream.complete) page.snapshot = snapshot_of(route.stream, begins, page);
    co_return page;
}

asio::awaitable<model::Page> pull_deletions(const Pull& pull, const StreamPlan& stream,
                                            model::Cursor from) {
    const auto& plan = *stream.deleted;
    model::Page page;
    page.fetched_at = pull.clock();
    ListWalk walk{from, plan.walk.passes.size()};
    const auto answer = co_await ask_page(pull, stream, plan.walk, plan.records, walk, page);
    // The server's clock is known by its answer; how long that took, the look-back covers.
    if (walk.at_beginning()) walk.begin(pull.requester.server_now());
    const auto tally = co_await read_ids(pull, answer, plan.records, plan.record, page);
    take(pull, plan.walk, answer, tally, walk, page);
    co_return page;
}

asio::awaitable<model::Page> pull_sweep(const Pull& pull, const StreamPlan& stream,
                                        model::Cursor from, SeenRows& seen) {
    const auto& plan = *stream.sweep;
    model::Page page;
    bool begins = false;
    if (plan.walk.kind == WalkKind::window) {
        // One that was told to its end is behind us; this one begins where time does.
        if (from.position.empty() && is_finished(from.floor)) from.floor.clear();
        begins = from.floor.empty() && from.position.empty();
        const Route route{stream, plan.walk, plan.records, false, &plan.record};
        page = co_await pull_window(pull, route, std::move(from), seen);
    } else {
        page.fetched_at = pull.clock();
        ListWalk walk{from, plan.walk.passes.size(), pages_of(pull, plan.walk)};
        const auto answer = co_await ask_page(pull, stream, plan.walk, plan.records, walk, page);
        begins = walk.at_beginning();
        const auto tally = co_await read_ids(pull, answer, plan.records, plan.record, page);
        take(pull, plan.walk, answer, tally, walk, page);
    }
    page.snapshot = model::Page::Snapshot{};
    page.snapshot->begins = begins;
    page.snapshot->ends = !page.more;
    for (const auto& record : page.records) page.snapshot->present.push_back(record.id);
    page.records.clear();
    co_return page;
}

}  // namespace nudged::sources
