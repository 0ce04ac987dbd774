// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/history.hpp"

#include "connectors/base/on.hpp"
#include "connectors/sources/http/join.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

using model::Entity;
using model::Record;
using model::Value;

/// One field of one opportunity.
struct TrackedField {
    std::string_view opportunity;
    const ValuePlan& rule;
    const json::Path& list;
};

struct Version {
    Instant at;
    Value value;
};

/// The columns of opportunity_change, found once.
struct ChangeFields {
    std::size_t opportunity = *model::field_index(Entity::opportunity_change, "opportunity");
    std::size_t field = *model::field_index(Entity::opportunity_change, "field");
    std::size_t old_value = *model::field_index(Entity::opportunity_change, "old");
    std::size_t new_value = *model::field_index(Entity::opportunity_change, "new");
    std::size_t changed_at = *model::field_index(Entity::opportunity_change, "changed_at");
};

/// The values that a field has had, oldest first. Of several at one instant the last counts: nobody
/// saw the others.
std::vector<Version> versions_of(const json::Value& row, const HistoryPlan& history,
                                 const TrackedField& field, model::Page& page) {
    std::vector<Version> versions;
    field.list.each_element(row, [&](const json::Value& entry, const json::Value&) {
        const auto time = json::scalar(history.time.find(entry));
        const auto at = time ? parse_instant(*time) : std::nullopt;
        const auto raw = json::scalar(history.value.find(entry));
        const auto value = convert(field.rule.rule, raw, page);
        if (at && value)
            versions.push_back({*at, *value});
        else
            page.add_malformed(
                fmt::format("opportunity {}: history of {}", field.opportunity, field.rule.name),
                fmt::format("expected a time and {}", expectation(field.rule.rule.as)));
    });
    // Told newest first; by reversing, those of one instant keep their order.
    std::ranges::reverse(versions);
    std::ranges::stable_sort(versions, {}, &Version::at);
    std::vector<Version> last_of_instant;
    for (const auto& version : versions) {
        if (!last_of_instant.empty() && last_of_instant.back().at == version.at)
            last_of_instant.back() = version;
        else
            last_of_instant.push_back(version);
    }
    return last_of_instant;
}

void add_changes(const std::vector<Version>& versions, std::string_view opportunity,
                 std::string_view field, model::Page& page) {
    static const ChangeFields columns;
    for (std::size_t i = 1; i < versions.size(); ++i) {
        if (versions[i].value == versions[i - 1].value) continue;
        const auto millis = to_millis(versions[i].at);
        Record change;
        change.entity = Entity::opportunity_change;
        change.id = page.keep(fmt::format("{}:{}:{}", opportunity, field, millis));
        change.modified = versions[i].at;
        change.values[columns.opportunity] = opportunity;
        change.values[columns.field] = field;
        change.values[columns.old_value] = versions[i - 1].value;
        change.values[columns.new_value] = versions[i].value;
        change.values[columns.changed_at] = millis;
        page.records.push_back(change);
    }
}

}  // namespace

void decode_history(const json::Document& answer, const RequestPlan& request,
                    const HistoryPlan& history, const RecordPlan& record, model::Page& page) {
    request.records.each_element(answer, [&](const json::Value& row, const json::Value&) {
        const auto id = json::scalar(history.id.find(row));
        if (!id || id->empty()) return;
        for (const auto& tracked : history.fields) {
            const TrackedField field{*id, record.fields[tracked.field], tracked.list};
            const auto name = model::fields_of(record.entity)[field.rule.rule.field].name;
            add_changes(versions_of(row, history, field, page), *id, name, page);
        }
    });
}

asio::awaitable<void> add_history(Requester& requester, const Manifest& manifest,
                                  const StreamPlan& stream, model::Page& page) {
    const auto& history = *stream.history;
    const auto& request = manifest.requests[history.call.request];
    for (const auto& ids : batches_of(page, stream.entity, history.batch)) {
        const Asking asking{.request = request, .variables = history.call.with, .ids = ids};
        const auto answer = co_await requester.ask(asking, page);
        auto work = [&] {
            decode_history(*answer.document, request, history, stream.record, page);
        };
        co_await on(requester.workers(), work);
    }
}

}  // namespace nudged::sources
