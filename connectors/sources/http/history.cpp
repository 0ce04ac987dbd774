// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/history.hpp"

#include "connectors/base/on.hpp"
#include "connectors/sources/http/join.hpp"
#include "connectors/sources/http/pull.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace nudged::sources {
namespace {

using model::Entity;
using model::Record;
using model::Value;

struct Version {
    Instant at;
    Value value;
    Value old;  // where the CRM says
};

/// The columns of opportunity_change, found once.
struct ChangeFields {
    std::size_t opportunity = *model::field_index(Entity::opportunity_change, "opportunity");
    std::size_t field = *model::field_index(Entity::opportunity_change, "field");
    std::size_t old_value = *model::field_index(Entity::opportunity_change, "old");
    std::size_t new_value = *model::field_index(Entity::opportunity_change, "new");
    std::size_t changed_at = *model::field_index(Entity::opportunity_change, "changed_at");
};

/// What an answer tells of the past: the versions of each field of each opportunity.
class Past {
public:
    Past(const HistoryPlan& history, const RecordPlan& record, model::Page& page)
        : history_(history), record_(record), page_(page) {}

    void read(const json::Value& row, std::string_view asked_for);
    void add_changes() const;

private:
    using Tracked = HistoryPlan::Tracked;
    void note(std::string_view opportunity, const Tracked& tracked, const json::Value& entry,
              const json::Value* value, const json::Value* old);
    void add_changes(std::string_view opportunity, const Tracked& tracked,
                     std::vector<Version> versions) const;

    const HistoryPlan& history_;
    const RecordPlan& record_;
    model::Page& page_;
    std::map<std::pair<std::string, const Tracked*>, std::vector<Version>> versions_;
};

void Past::note(std::string_view opportunity, const Tracked& tracked, const json::Value& entry,
                const json::Value* value, const json::Value* old) {
    const auto& plan = record_.fields[tracked.field];
    const auto time = history_.time.from.empty()
                          ? std::nullopt
                          : json::scalar(history_.time.from.front().find(entry));
    const auto at = convert(history_.time.rule, time, page_);
    const auto* millis = at ? std::get_if<std::int64_t>(&*at) : nullptr;
    const auto made = convert(plan.rule, json::scalar(value), page_);
    if (millis && made) {
        const auto before = convert(plan.rule, json::scalar(old), page_);
        versions_[{std::string{opportunity}, &tracked}].push_back(
            {from_millis(*millis), *made, before.value_or(Value{})});
        return;
    }
    page_.add_malformed(fmt::format("opportunity {}: history of {}", opportunity, plan.name),
                        fmt::format("expected a time and {}", expectation(plan.rule)));
}

void Past::read(const json::Value& row, std::string_view asked_for) {
    const auto id = json::scalar(history_.id.find(row)).value_or(asked_for);
    if (id.empty()) return;
    const auto name = json::scalar(history_.field.find(row)).value_or(std::string_view{});
    for (const auto& tracked : history_.fields) {
        switch (history_.rows) {
        case PastRows::lists:
            tracked.place.each_element(row, [&](const json::Value& entry, const json::Value&) {
                note(id, tracked, entry, history_.value.find(entry), nullptr);
            });
            break;
        case PastRows::states: note(id, tracked, row, tracked.place.find(row), nullptr); break;
        case PastRows::changes:
            if (tracked.name == name)
                note(id, tracked, row, history_.value.find(row), history_.old_value.find(row));
            break;
        }
    }
}

/// Of each field the oldest value is what the opportunity was created with. Of several at one
/// instant the last counts: nobody saw the others.
void Past::add_changes(std::string_view opportunity, const Tracked& tracked,
                       std::vector<Version> versions) const {
    static const ChangeFields columns;
    const auto& plan = record_.fields[tracked.field];
    const auto field = model::fields_of(record_.entity)[plan.rule.field].name;
    // Mostly told newest first; by reversing, those of one instant keep their order.
    if (history_.rows == PastRows::lists) std::ranges::reverse(versions);
    std::ranges::stable_sort(versions, {}, &Version::at);
    const bool tells_old = history_.rows == PastRows::changes;
    auto before = tells_old ? versions.front().old : versions.front().value;
    for (std::size_t i = tells_old ? 0 : 1; i < versions.size(); ++i) {
        const auto& version = versions[i];
        const bool is_last = i + 1 == versions.size() || versions[i + 1].at != version.at;
        if (!is_last || version.value == before) continue;
        const auto millis = to_millis(version.at);
        Record change;
        change.entity = Entity::opportunity_change;
        change.id = page_.keep(fmt::format("{}:{}:{}", opportunity, field, millis));
        change.modified = version.at;
        change.values[columns.opportunity] = page_.keep(opportunity);
        change.values[columns.field] = field;
        change.values[columns.old_value] = before;
        change.values[columns.new_value] = version.value;
        change.values[columns.changed_at] = millis;
        page_.records.push_back(change);
        before = version.value;
    }
}

void Past::add_changes() const {
    for (const auto& [key, versions] : versions_) add_changes(key.first, *key.second, versions);
}

std::vector<std::string> ids_of_past(const model::Page& page, Entity entity,
                                     const HistoryPlan& history) {
    static const auto is_closed = *model::field_index(Entity::opportunity, "is_closed");
    std::vector<std::string> ids;
    for (const auto& record : page.records) {
        if (record.entity != entity || record.deleted) continue;
        if (history.open_only && record.integer_at(is_closed, 0) != 0) continue;
        ids.emplace_back(record.id);
    }
    return ids;
}

}  // namespace

void decode_history(std::span<const json::Document* const> answers, const RequestPlan& request,
                    const HistoryPlan& history, const RecordPlan& record,
                    std::string_view asked_for, model::Page& page) {
    Past past{history, record, page};
    for (const auto* answer : answers)
        request.records.each_element(*answer, [&](const json::Value& row, const json::Value&) {
            past.read(row, asked_for);
        });
    past.add_changes();
}

asio::awaitable<void> add_history(Requester& requester, const Manifest& manifest,
                                  const StreamPlan& stream, model::Page& page) {
    const auto& history = *stream.history;
    const auto& request = manifest.requests[history.call.request];
    const auto wanted = ids_of_past(page, stream.entity, history);
    for (const auto& ids : batches_of(wanted, history.batch)) {
        Asking asking{.request = request, .variables = history.call.with, .ids = ids};
        const auto answers = co_await ask_all_pages(requester, std::move(asking), page);
        std::vector<const json::Document*> documents;
        for (const auto& answer : answers) documents.push_back(answer.document.get());
        const std::string_view asked_for = ids.size() == 1 ? ids.front() : std::string_view{};
        auto work = [&] {
            decode_history(documents, request, history, stream.record, asked_for, page);
        };
        co_await on(requester.workers(), work);
    }
}

}  // namespace nudged::sources
