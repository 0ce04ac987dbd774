// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/absence.hpp"

#include "daemon/checks/book.hpp"

#include <algorithm>
#include <array>

namespace nudged::checks {
namespace {

using model::Entity;
using warehouse::OpenActivity;
using warehouse::PersonId;
using warehouse::RecordKey;

// Not those of what has happened, such as a push or a fall of the amount: that stays so.
constexpr std::array absent{
    std::string_view{"acct.no_next_step"},
    std::string_view{"lead.slow_first_touch"},
    std::string_view{"lead.untouched"},
    std::string_view{"mtg.no_follow_up"},
    std::string_view{"opp.amount_missing"},
    std::string_view{"opp.commit_cold"},
    std::string_view{"opp.evidence_missing"},
    std::string_view{"opp.fields_missing"},
    std::string_view{"opp.ghosted"},
    std::string_view{"opp.idle"},
    std::string_view{"opp.lost_no_reason"},
    std::string_view{"opp.never_moved"},
    std::string_view{"opp.new_owner_no_touch"},
    std::string_view{"opp.next_step_far"},
    std::string_view{"opp.next_step_orphan"},
    std::string_view{"opp.next_step_overdue"},
    std::string_view{"opp.next_step_text_only"},
    std::string_view{"opp.next_step_undated"},
    std::string_view{"opp.no_next_step"},
    std::string_view{"opp.no_owner"},
    std::string_view{"opp.no_power"},
    std::string_view{"opp.owner_inactive"},
    std::string_view{"opp.past_close"},
    std::string_view{"opp.single_thread"},
    std::string_view{"opp.stalled"},
    std::string_view{"rep.no_data"},
    std::string_view{"rep.stale_layer"},
    std::string_view{"task.no_due_date"},
    std::string_view{"task.overdue"},
};

/// Of one deal or account; who plans more has a next step.
constexpr std::size_t most_activities = 20;
/// Of one owner, that are linked to nothing.
constexpr std::size_t most_unlinked = 50;

Entity entity_of(OpenActivity::Kind kind) {
    switch (kind) {
    case OpenActivity::Kind::task: return Entity::task;
    case OpenActivity::Kind::meeting: return Entity::meeting;
    case OpenActivity::Kind::call: return Entity::call;
    }
    return Entity::task;
}

}  // namespace

std::span<const std::string_view> checks_about_absence() {
    return absent;
}

bool is_about_absence(std::string_view check) {
    return std::ranges::find(absent, check) != absent.end();
}

void AbsenceRecords::add(const Finding& finding) {
    const RecordKey key{finding.subject.source, finding.subject.id};
    if (finding.check == "rep.stale_layer") {
        const auto& deals = book_of(scene_).opportunities_of_owner;
        if (const auto own = deals.find(finding.owner); own != deals.end())
            for (const auto index : own->second)
                add_opportunity(book_of(scene_).opportunities[index].key);
    } else if (finding.subject.type == "opportunity") {
        add_opportunity(key);
    } else if (finding.subject.type == "account") {
        add_account(key);
    } else if (const auto entity = model::entity_of(finding.subject.type)) {
        add(key.source, *entity, key.id);
    } else {
        return;  // about a person: the increments tell all that there is
    }
    add_unlinked(key.source, finding.owner);
}

void AbsenceRecords::add(const std::string& source, Entity entity, const std::string& id) {
    if (source.empty() || is_full(source) || !seen_[source].emplace(entity, id).second) return;
    records_[source][entity].push_back(id);
}

void AbsenceRecords::add_opportunity(const RecordKey& key) {
    add(key.source, Entity::opportunity, key.id);
    const auto& activities = book_of(scene_).activities_of_opportunity;
    if (const auto own = activities.find(key); own != activities.end()) add_activities(own->second);
}

void AbsenceRecords::add_account(const RecordKey& key) {
    add(key.source, Entity::account, key.id);
    const auto& activities = book_of(scene_).activities_of_account;
    if (const auto own = activities.find(key); own != activities.end()) add_activities(own->second);
}

void AbsenceRecords::add_activities(const std::vector<std::size_t>& indexes) {
    const auto& activities = book_of(scene_).activities;
    for (std::size_t i = 0; i < std::min(indexes.size(), most_activities); ++i) {
        const auto& activity = activities[indexes[i]];
        add(activity.key.source, entity_of(activity.kind), activity.key.id);
    }
}

void AbsenceRecords::add_unlinked(const std::string& source, PersonId owner) {
    if (source.empty() || owner == PersonId::nobody || !owners_.emplace(source, owner).second)
        return;
    std::size_t added = 0;
    for (const auto& activity : book_of(scene_).activities) {
        if (added == most_unlinked) return;
        const bool is_linked = !activity.opportunity_id.empty() || !activity.account_id.empty() ||
                               !activity.contact_account.empty();
        if (is_linked || activity.owner != owner || activity.key.source != source) continue;
        add(source, entity_of(activity.kind), activity.key.id);
        ++added;
    }
}

bool AbsenceRecords::is_full(const std::string& source) const {
    const auto seen = seen_.find(source);
    return seen != seen_.end() && seen->second.size() >= most_;
}

}  // namespace nudged::checks
