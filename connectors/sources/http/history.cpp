// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/history.hpp"

#include "connectors/sources/http/join.hpp"
#include "connectors/sources/mapping/row_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace nudged::sources {
namespace {

using model::Entity;
using model::Record;
using model::Value;

struct Version {
    Instant at;
    Value value;
    Value old;  // where the CRM says
    Value by;   // the same
};

/// The columns of opportunity_change, found once.
struct ChangeFields {
    std::size_t opportunity = *model::field_index(Entity::opportunity_change, "opportunity");
    std::size_t field = *model::field_index(Entity::opportunity_change, "field");
    std::size_t old_value = *model::field_index(Entity::opportunity_change, "old");
    std::size_t new_value = *model::field_index(Entity::opportunity_change, "new");
    std::size_t changed_at = *model::field_index(Entity::opportunity_change, "changed_at");
    std::size_t changed_by = *model::field_index(Entity::opportunity_change, "changed_by");
};

/// What an answer tells of the past: the versions of each field of each opportunity.
class Past {
public:
    Past(const StreamPlan& stream, const LookupTables& tables, model::Page& page)
        : history_(*stream.history), record_(stream.record), page_(page), make_(tables, page) {}

    void read(const json::Located& row, std::string_view asked_for);
    void add_changes() const;
    const std::set<std::size_t>& unknown() const { return make_.unknown(); }

private:
    using Tracked = HistoryPlan::Tracked;
    /// One value that a field had from a time on; `entry` says when, and who gave it.
    struct Told {
        json::Located entry;
        const json::Value* value;
        const json::Value* old = nullptr;
    };
    void note(std::string_view opportunity, const Tracked& tracked, const Told& told);
    void add_changes(std::string_view opportunity, const Tracked& tracked,
                     std::vector<Version> versions) const;

    const HistoryPlan& history_;
    const RecordPlan& record_;
    model::Page& page_;
    ValueMaker make_;
    std::map<std::pair<std::string, const Tracked*>, std::vector<Version>> versions_;
};

void Past::note(std::string_view opportunity, const Tracked& tracked, const Told& told) {
    const auto& plan = record_.fields[tracked.field];
    const auto time = history_.time.from.empty()
                          ? std::nullopt
                          : json::scalar(history_.time.from.front().find(told.entry.element));
    const auto at = convert(history_.time.rule, time, page_);
    const auto* millis = at ? std::get_if<std::int64_t>(&*at) : nullptr;
    const auto made = convert(plan.rule, json::scalar(told.value), page_);
    if (millis && made) {
        const auto before = convert(plan.rule, json::scalar(told.old), page_);
        const Row row{told.entry, Entity::opportunity_change, opportunity};
        versions_[{std::string{opportunity}, &tracked}].push_back(
            {.at = from_millis(*millis),
             .value = *made,
             .old = before.value_or(Value{}),
             .by = history_.by ? make_.value(*history_.by, row) : Value{}});
        return;
    }
    page_.add_malformed(fmt::format("opportunity {}: history of {}", opportunity, plan.name),
                        fmt::format("expected a time and {}", expectation(plan.rule)));
}

void Past::read(const json::Located& row, std::string_view asked_for) {
    const auto id = json::scalar(history_.id.find(row.element)).value_or(asked_for);
    if (id.empty()) return;
    const auto name = json::scalar(history_.field.find(row.element)).value_or(std::string_view{});
    for (const auto& tracked : history_.fields) {
        switch (history_.rows) {
        case PastRows::lists:
            tracked.place.each_located(row.element, [&](const json::Located& entry) {
                note(id, tracked, {entry, history_.value.find(entry.element)});
            });
            break;
        case PastRows::states: note(id, tracked, {row, tracked.place.find(row.element)}); break;
        case PastRows::changes:
            if (tracked.name == name)
                note(id, tracked,
                     {row, history_.value.find(row.element), history_.old_value.find(row.element)});
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
        change.values[columns.changed_by] = version.by;
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

Tally decode_history(const PastAnswers& answers, const LookupTables& tables, model::Page& page) {
    Past past{answers.stream, tables, page};
    for (const auto* document : answers.documents)
        answers.records.each_located(
            *document, [&](const json::Located& row) { past.read(row, answers.asked_for); });
    past.add_changes();
    Tally tally;
    tally.unknown = past.unknown();
    return tally;
}

asio::awaitable<void> add_history(const Pull& pull, const StreamPlan& stream, model::Page& page) {
    const auto& history = *stream.history;
    const auto& request = pull.request_of(history.call);
    const auto needed = history.by ? lookups_of(*history.by) : std::set<std::size_t>{};
    const auto wanted = ids_of_past(page, stream.entity, history);
    for (const auto& ids : batches_of(wanted, history.batch)) {
        Asking asking{.request = request, .variables = history.call.with, .ids = ids};
        const auto answers = co_await ask_all_pages(pull.requester, std::move(asking), page);
        std::vector<const json::Document*> documents;
        for (const auto& answer : answers) documents.push_back(answer.document.get());
        const PastAnswers past{.documents = documents,
                               .records = request.records,
                               .stream = stream,
                               .asked_for = ids.size() == 1 ? std::string_view{ids.front()}
                                                            : std::string_view{}};
        const Decode decode_all = [&](const LookupTables& tables) {
            return decode_history(past, tables, page);
        };
        co_await decode_on_worker(pull, needed, decode_all, page);
    }
}

}  // namespace nudged::sources
