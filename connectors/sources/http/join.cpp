// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/join.hpp"

#include <algorithm>
#include <unordered_map>

namespace nudged::sources {
namespace {

using Partners = std::unordered_map<std::string_view, std::string_view>;

bool is_preferred(const JoinPlan& join, const json::Value& partner) {
    if (!join.prefer_at) return true;
    // The place may be in a list of labels, any of which will do.
    bool preferred = false;
    join.prefer_at->each_value(partner, [&](const json::Value& label) {
        const auto text = json::scalar(&label);
        preferred = preferred || (text && std::ranges::count(join.prefer_in, *text) > 0);
    });
    return preferred;
}

/// The partner of one row of the answer: the first that is preferred, else the first.
std::optional<std::string_view> partner_of(const JoinPlan& join, const json::Value& row) {
    std::optional<std::string_view> first;
    std::optional<std::string_view> preferred;
    join.to.each_element(row, [&](const json::Value& partner, const json::Value&) {
        const auto id = json::scalar(join.to_id.find(partner));
        if (!id || id->empty()) return;
        if (!first) first = id;
        if (!preferred && is_preferred(join, partner)) preferred = id;
    });
    return preferred ? preferred : first;
}

}  // namespace

std::vector<std::vector<std::string>> batches_of(std::span<const std::string> ids,
                                                 std::size_t size) {
    std::vector<std::vector<std::string>> batches;
    for (const auto& id : ids) {
        if (batches.empty() || batches.back().size() >= size) batches.emplace_back();
        batches.back().push_back(id);
    }
    return batches;
}

std::vector<std::vector<std::string>> batches_of(const model::Page& page, model::Entity entity,
                                                 std::size_t size) {
    std::vector<std::string> ids;
    for (const auto& record : page.records)
        if (record.entity == entity && !record.deleted) ids.emplace_back(record.id);
    return batches_of(ids, size);
}

asio::awaitable<void> join_references(Requester& requester, const Manifest& manifest,
                                      const StreamPlan& stream, model::Page& page) {
    for (const auto& join : stream.joins) {
        const auto& request = manifest.requests[join.call.request];
        Partners partners;
        for (const auto& ids : batches_of(page, stream.entity, join.batch)) {
            const Asking asking{.request = request, .variables = join.call.with, .ids = ids};
            const auto answer = co_await requester.ask(asking, page);
            request.records.each_element(*answer.document,
                                         [&](const json::Value& row, const json::Value&) {
                                             const auto from = json::scalar(join.from.find(row));
                                             const auto partner = partner_of(join, row);
                                             if (from && partner) partners.emplace(*from, *partner);
                                         });
        }
        for (auto& record : page.records) {
            if (record.entity != stream.entity || record.deleted) continue;
            if (const auto found = partners.find(record.id); found != partners.end())
                record.values[join.field] = found->second;
        }
    }
}

}  // namespace nudged::sources
