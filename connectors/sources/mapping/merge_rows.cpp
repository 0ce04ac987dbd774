// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/merge_rows.hpp"

#include "connectors/sources/mapping/row_value.hpp"

namespace nudged::sources {
namespace {

/// "": the row has no id, or tells a deletion.
std::string id_of(const json::Located& place, const RecordPlan& plan) {
    const Row row{place, plan.entity, "?"};
    if (!plan.deleted.empty() && all_hold(plan.deleted, row)) return {};
    model::Page scratch;  // what is malformed is told where the row becomes a record
    const LookupTables none;
    ValueMaker make{none, scratch};
    const auto id = make.value(plan.id, row);
    const auto* text = std::get_if<std::string_view>(&id);
    return text ? std::string{*text} : std::string{};
}

void add_members(json::Value& row, const json::Value& more, json::Document::AllocatorType& memory) {
    for (const auto& member : more.GetObject()) {
        const auto own = row.FindMember(member.name);
        if (own == row.MemberEnd())
            row.AddMember(json::Value{member.name, memory}, json::Value{member.value, memory},
                          memory);
        else if (own->value.IsNull())
            own->value.CopyFrom(member.value, memory);
        else if (own->value.IsObject() && member.value.IsObject())
            add_members(own->value, member.value, memory);
    }
}

}  // namespace

void RowsById::add(const json::Value& answer, const json::Path& records, const RecordPlan& plan) {
    records.each_located(answer, [&](const json::Located& place) {
        auto id = id_of(place, plan);
        if (id.empty()) return;
        rows_[id] = &place.element;
        ids_.push_back(std::move(id));
    });
}

const json::Value* RowsById::find(const std::string& id) const {
    const auto found = rows_.find(id);
    return found == rows_.end() ? nullptr : found->second;
}

bool merge_rows(json::Document& answer, const json::Path& records, const RecordPlan& plan,
                const RowsById& more) {
    bool is_whole = true;
    records.each_located(answer, [&](const json::Located& place) {
        const auto id = id_of(place, plan);
        if (id.empty()) return;
        const auto* rest = more.find(id);
        is_whole = is_whole && rest;
        if (!rest || !rest->IsObject() || !place.element.IsObject()) return;
        // The row is part of `answer`, which is ours to change; a path knows only how to read.
        auto& row = const_cast<json::Value&>(place.element);  // NOLINT(*-const-cast)
        add_members(row, *rest, answer.GetAllocator());
    });
    return is_whole;
}

}  // namespace nudged::sources
