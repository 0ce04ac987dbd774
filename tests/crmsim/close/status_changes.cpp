// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/close/lists.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::crmsim::close {
namespace {

/// A program acts as the user whose key it has.
void write_author(JsonWriter& json, const Organization& organization, std::int64_t by) {
    const auto& users = organization.dataset.owners;
    const Owner* user = organization.dataset.find_user(by);
    if (user == nullptr && !users.empty()) user = &users.front();
    text_or_null(json, "user_id", user != nullptr ? user_id_text(user->id) : "");
    text_or_null(json, "user_name",
                 user != nullptr ? user->first_name + " " + user->last_name : "");
}

std::string change_json(const Organization& organization, const RecordView& opportunity,
                        std::size_t number, const PastValue& before, const PastValue& after) {
    JsonWriter json;
    const std::string at = time_text(after.at);
    const auto write_status = [&](const std::string& prefix, const std::string& stage) {
        const Status status = status_of(stage);
        json.member(prefix + "_status_id", status.id);
        json.member(prefix + "_status_label", status.label);
        json.member(prefix + "_status_type", status.type);
        json.member(prefix + "_pipeline_id", pipeline_id);
    };
    const auto lead = lead_of(opportunity);
    json.StartObject();
    json.member("_type", "OpportunityStatusChange");
    json.member("id", fmt::format("acti_{}_{}", opportunity.id(), number));
    json.member("organization_id", organization_id);
    text_or_null(json, "lead_id", lead ? id_text(ObjectType::companies, *lead) : "");
    json.member("opportunity_id", id_text(ObjectType::deals, opportunity.id()));
    write_author(json, organization, after.by);
    write_status("old", before.value);
    write_status("new", after.value);
    json.member("date_created", at);
    json.member("date_updated", at);
    json.member("activity_at", at);
    json.EndObject();
    return json.str();
}

struct Change {
    Instant at;
    std::int64_t opportunity;
    std::string json;
};

std::vector<Change> all_changes(const Organization& organization) {
    std::vector<Change> changes;
    for (const Record& record : organization.dataset.records(ObjectType::deals)) {
        const RecordView opportunity(organization.dataset, ObjectType::deals, record);
        if (!is_visible(organization, opportunity)) continue;
        const auto past = opportunity.history("dealstage");
        for (std::size_t i = 1; i < past.size(); ++i)
            if (past[i].value != past[i - 1].value)
                changes.push_back(
                    {past[i].at, record.id,
                     change_json(organization, opportunity, i, past[i - 1], past[i])});
    }
    std::ranges::stable_sort(changes, std::greater{}, &Change::at);
    return changes;
}

}  // namespace

Reply Lists::status_changes(const Request& request) const {
    check_names(request, {"_limit", "_skip", "_fields", "date_created__gt", "date_created__gte",
                          "date_created__lt", "date_created__lte", "opportunity_id"});
    const Page page = parse_page(request, max_skip);
    std::vector<std::string> listed;
    for (const Change& change : all_changes(organization_)) {
        const std::string_view opportunity = request.parameter("opportunity_id");
        bool passes =
            opportunity.empty() || opportunity == id_text(ObjectType::deals, change.opportunity);
        for (const std::string operation : {"gt", "gte", "lt", "lte"}) {
            const std::string name = "date_created__" + operation;
            if (!request.query.contains(name)) continue;
            const auto limit = parse_time(request.parameter(name));
            if (!limit) throw bad_field(name, "Invalid value.");
            passes = passes && compares(change.at, operation, *limit);
        }
        if (passes) listed.push_back(change.json);
    }
    return page_of(listed, page);
}

}  // namespace nudged::crmsim::close
