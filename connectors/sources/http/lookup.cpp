// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/lookup.hpp"

#include "connectors/sources/http/pull.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace nudged::sources {
namespace {

/// The pairs of one answer. Of two with one key the last counts.
Tally add_pairs(const LookupPlan& plan, const json::Value& answer, LookupTable& table) {
    Tally tally;
    plan.records.each_located(answer, [&](const json::Located& row) {
        const auto text_at = [&](const json::Path& path) {
            return json::scalar(path.find(row.element, &row.parent, row.key))
                .value_or(std::string_view{});
        };
        ++tally.rows;
        tally.last_id = text_at(plan.key);
        tally.keys.push_back({std::hash<std::string>{}(tally.last_id), std::nullopt});
        const auto value = text_at(plan.value);
        if (!tally.last_id.empty() && !value.empty()) table[tally.last_id] = value;
    });
    return tally;
}

}  // namespace

asio::awaitable<LookupTables> Lookups::tables(const Pull& pull,
                                              const std::set<std::size_t>& needed) {
    for (const auto table : needed) {
        if (!tables_.has(table))
            co_await fetch(pull, table);
        else if (pull.clock() - asked_at_[table] >= pull.manifest.lookups[table].every)
            co_await fetch_again(pull, table);
    }
    co_return tables_;
}

asio::awaitable<bool> Lookups::renew(const Pull& pull, const std::set<std::size_t>& lacking) {
    bool any = false;
    for (const auto table : lacking) {
        if (pull.clock() - asked_at_[table] < std::chrono::hours{1}) continue;
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
    asked_at_[table] = pull.clock();
    const auto& plan = pull.manifest.lookups[table];
    const auto& request = pull.request_of(plan.call);
    auto told = std::make_shared<LookupTable>();
    std::optional<PageAt> at = PageAt{};
    while (at) {
        model::Page page;
        const auto asking = asking_for(pull, plan.call, *at);
        const auto answer = co_await pull.requester.ask(asking, page);
        const auto tally = add_pairs(plan, *answer.document, *told);
        at = next_page(request.pager, *at, seen_in(answer, tally));
    }
    tables_.set(table, std::move(told));
}

}  // namespace nudged::sources
