// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/lookup.hpp"

#include "connectors/base/events.hpp"
#include "connectors/sources/http/pull.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <functional>
#include <string>

namespace nudged::sources {
namespace {

/// What an answer added.
struct Added {
    Tally tally;
    bool is_new = false;  // anything that was not known
};

/// The rows of one answer. Of two with one key the last counts.
Added add_rows(const LookupPlan& plan, const json::Value& answer, LookupTable& table) {
    Added added;
    auto& tally = added.tally;
    plan.records.each_located(answer, [&](const json::Located& row) {
        const auto text_at = [&](const json::Path& path) {
            return json::scalar(path.find(row.element, &row.parent, row.key))
                .value_or(std::string_view{});
        };
        ++tally.rows;
        tally.last_id = text_at(plan.key);
        std::vector<std::string> columns;
        for (const auto& place : plan.columns) columns.emplace_back(text_at(place));
        // Rows without a key differ by what they say: pages of such are not one page for ever.
        const std::uint64_t hash = std::hash<std::string>{}(
            fmt::format("{}\n{}", tally.last_id, fmt::join(columns, "\n")));
        tally.keys.push_back({.id = hash | 1, .hash = hash | 1, .modified = std::nullopt});
        if (tally.last_id.empty()) return;
        auto& known = table[tally.last_id];
        added.is_new = added.is_new || known != columns;
        known = std::move(columns);
    });
    return added;
}

}  // namespace

asio::awaitable<LookupTables> Lookups::tables(const Pull& pull,
                                              const std::set<std::size_t>& needed) {
    for (const auto table : needed) {
        if (!tables_.has(table))
            co_await fetch(pull, table);
        else if (pull.clock() - whole_at_[table] >= pull.manifest.lookups[table].every &&
                 pull.clock() - asked_at_[table] >= pull.manifest.lookups[table].again)
            co_await fetch_again(pull, table);
    }
    co_return tables_;
}

asio::awaitable<bool> Lookups::renew(const Pull& pull, const std::set<std::size_t>& lacking) {
    bool any = false;
    for (const auto table : lacking) {
        if (pull.clock() - asked_at_[table] < pull.manifest.lookups[table].again) continue;
        const bool is_new = co_await fetch_again(pull, table);
        any = any || is_new;
    }
    co_return any;
}

/// What was told before is better than nothing, and than no records.
asio::awaitable<bool> Lookups::fetch_again(const Pull& pull, std::size_t table) {
    try {
        co_await fetch(pull, table);
    } catch (const Failure&) {
        co_return false;
    }
    co_return true;
}

asio::awaitable<void> Lookups::fetch(const Pull& pull, std::size_t table) {
    const auto& plan = pull.manifest.lookups[table];
    const auto now = pull.clock();
    asked_at_[table] = now;
    const auto known = tables_.table(table);
    const bool tells_newest = pull.request_of(plan.call).pager.order == Order::newest_first;
    const bool is_whole = !known || !tells_newest || now - whole_at_[table] >= plan.every;
    auto told = std::make_shared<LookupTable>();
    if (!is_whole) *told = *known;
    co_await read_pages(pull, table, *told, is_whole);
    if (is_whole) whole_at_[table] = now;
    tables_.set(table, std::move(told));
}

asio::awaitable<void> Lookups::read_pages(const Pull& pull, std::size_t table, LookupTable& told,
                                          bool is_whole) {
    const auto& plan = pull.manifest.lookups[table];
    const auto& request = pull.request_of(plan.call);
    std::optional<PageAt> at = PageAt{};
    while (at) {
        model::Page page;
        auto asking = asking_for(pull, plan.call, *at);
        if (plan.is_optional) asking.told = {ErrorClass::forbidden_stream, ErrorClass::not_found};
        const auto answer = co_await pull.requester.ask(asking, page);
        if (answer.kind != ErrorClass::none) {
            if (!tables_.has(table))
                tell(events::lookup_refused, {{"source", source_}, {"lookup", plan.name}});
            co_return;
        }
        const auto added = add_rows(plan, *answer.document, told);
        if (!is_whole && !added.is_new) co_return;  // what follows is older still
        at = next_page(request.pager, *at, seen_in(answer, added.tally));
    }
}

}  // namespace nudged::sources
