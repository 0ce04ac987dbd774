// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"

#include "connectors/base/text.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/warehouse/merges.hpp"

#include <algorithm>
#include <set>

namespace nudged::checks {
namespace {

using warehouse::OpenActivity;
using warehouse::RecordKey;

/// Once, though an activity may be an account's in several ways. They come in order.
void add(std::vector<std::size_t>& list, std::size_t activity) {
    if (list.empty() || list.back() != activity) list.push_back(activity);
}

Book read_book(const Scene& scene) {
    // What is planned for a record that was merged into another is planned for that one.
    const warehouse::Merges deals{scene.reader, model::Entity::opportunity, scene.as_of};
    const warehouse::Merges accounts{scene.reader, model::Entity::account, scene.as_of};
    Book book;
    book.opportunities = warehouse::read_open_opportunities(scene.reader, scene.as_of);
    book.activities = warehouse::read_open_activities(scene.reader, scene.as_of);
    book.accounts = warehouse::read_owned_accounts(scene.reader, scene.as_of);
    if (!scene.people.shielded.empty()) {
        const auto is_shielded = [&](const auto& record) {
            return scene.people.is_shielded(record.owner);
        };
        std::erase_if(book.opportunities, is_shielded);
        std::erase_if(book.accounts, is_shielded);
    }
    for (std::size_t i = 0; i < book.opportunities.size(); ++i) {
        auto& deal = book.opportunities[i];
        book.opportunity_of.emplace(deal.key, i);
        book.opportunities_of_owner[deal.owner].push_back(i);
        if (deal.account_id.empty()) continue;
        deal.account_id = accounts.survivor({deal.key.source, deal.account_id}).id;
        book.opportunities_of_account[{deal.key.source, deal.account_id}].push_back(i);
    }
    for (std::size_t i = 0; i < book.activities.size(); ++i) {
        const auto& activity = book.activities[i];
        const auto& source = activity.key.source;
        for (const auto& account : {activity.account_id, activity.contact_account})
            if (!account.empty())
                add(book.activities_of_account[accounts.survivor({source, account})], i);
        if (activity.opportunity_id.empty()) continue;
        const RecordKey deal = deals.survivor({source, activity.opportunity_id});
        add(book.activities_of_opportunity[deal], i);
        const auto open = book.opportunity_of.find(deal);
        if (open == book.opportunity_of.end()) continue;
        const auto& account = book.opportunities[open->second].account_id;
        if (!account.empty()) add(book.activities_of_account[{source, account}], i);
    }
    return book;
}

/// False once the CRM has deactivated the user, or the roster says that the rep has left.
bool has_active_owner(const Scene& scene, const OpenActivity& activity,
                      std::chrono::local_days today) {
    if (!activity.owner_active) return false;
    const auto* rep = scene.people.rep(activity.owner);
    return !rep || !rep->until || today < *rep->until;
}

/// Series of which two occurrences lie behind undone: that others will come says no more than that
/// nobody has ended the series (sales practice §4).
std::set<RecordKey> given_up_series(const Book& book, const std::vector<std::size_t>& linked,
                                    const Owner& owner) {
    std::map<RecordKey, int> overdue;
    for (const std::size_t index : linked) {
        const auto& activity = book.activities[index];
        const auto due = activity.due_day(owner.zone);
        if (!activity.series.empty() && due && *due < owner.today)
            ++overdue[{activity.key.source, activity.series}];
    }
    std::set<RecordKey> given_up;
    for (const auto& [series, count] : overdue)
        if (count >= 2) given_up.insert(series);
    return given_up;
}

StepFacts decide_step(const Scene& scene, const std::vector<std::size_t>& linked,
                      std::string_view free_text, const Owner& owner, int horizon) {
    const auto& book = book_of(scene);
    std::vector<const OpenActivity*> activities;
    std::vector<StepCandidate> candidates;
    const auto given_up = given_up_series(book, linked, owner);
    for (const std::size_t index : linked) {
        const auto& activity = book.activities[index];
        const auto due = activity.due_day(owner.zone);
        if (due && *due >= owner.today && given_up.contains({activity.key.source, activity.series}))
            continue;
        activities.push_back(&activity);
        candidates.push_back({due, has_active_owner(scene, activity, owner.today)});
    }
    const auto decided = decide_next_step(candidates, free_text, owner.today, horizon);
    if (!decided.decided_by) return {decided.state, nullptr, std::nullopt};
    return {decided.state, activities[*decided.decided_by], candidates[*decided.decided_by].due};
}

const std::vector<std::size_t>& linked_to(
    const warehouse::ByRecord<std::vector<std::size_t>>& activities, const RecordKey& key) {
    static const std::vector<std::size_t> none;
    const auto found = activities.find(key);
    return found == activities.end() ? none : found->second;
}

}  // namespace

const Book& book_of(const Scene& scene) {
    if (!scene.book) scene.book = std::make_shared<const Book>(read_book(scene));
    return *scene.book;
}

const Streams& streams_of(const Scene& scene) {
    if (!scene.streams)
        scene.streams = std::make_shared<const Streams>(warehouse::read_streams(scene.reader));
    return *scene.streams;
}

int Owner::age(std::chrono::local_days day, Days counted) const {
    if (counted == Days::working) return calendar->working_age(day, today);
    return std::max(0, static_cast<int>((today - day).count()));
}

Owner owner_of(const Scene& scene, warehouse::PersonId id) {
    static const WorkCalendar unknown_calendar;
    Owner owner;
    owner.id = id;
    owner.calendar = &unknown_calendar;
    if (const auto* rep = scene.people.rep(id)) {
        owner.rep = rep;
        owner.team = scene.people.team_of(*rep).name;
        owner.zone = rep->zone;
        owner.calendar = &rep->calendar;
    }
    owner.today = owner.zone.local_day(scene.as_of);
    return owner;
}

std::string owner_name(const Scene& scene, const Owner& owner) {
    if (owner.rep) return owner.rep->name;
    if (owner.id == warehouse::PersonId::nobody) return "nobody";
    const auto person = warehouse::read_person(scene.reader, owner.id);
    if (!person) return "nobody";
    return person->name.empty() ? person->email : person->name;
}

bool is_newly_owned(const Scene& scene, const warehouse::OpenOpportunity& deal, const Owner& owner,
                    std::string_view check) {
    if (!deal.owner_since) return false;
    const int owned = owner.age(*deal.owner_since);
    const int grace = options_for(scene, deal, owner).new_owner_grace;
    if (owned > grace) return false;
    if (!check.empty())
        quiet(scene, check, deal,
              "its owner has had it for {} working days of the {} of new_owner_grace", owned,
              grace);
    return true;
}

std::string step_text(const StepFacts& step) {
    std::string text{to_string(step.state)};
    if (step.activity)
        text += fmt::format(", {} \"{}\"", to_string(step.activity->kind), step.activity->subject);
    if (step.due) text += " on " + format_date(*step.due);
    return text;
}

StepFacts opportunity_step(const Scene& scene, const warehouse::OpenOpportunity& deal,
                           const Owner& owner, int horizon) {
    const auto& linked = linked_to(book_of(scene).activities_of_opportunity, deal.key);
    return decide_step(scene, linked, deal.next_step, owner, horizon);
}

StepFacts account_step(const Scene& scene, const warehouse::OwnedAccount& account,
                       const Owner& owner, int horizon) {
    const auto& linked = linked_to(book_of(scene).activities_of_account, account.key);
    return decide_step(scene, linked, {}, owner, horizon);
}

bool is_in_scope(const Scene& scene, const warehouse::OwnedAccount& account, const Owner& owner) {
    if (!owner.rep) return false;
    if (owner.rep->from && owner.today < *owner.rep->from) return false;
    if (owner.rep->until && owner.today >= *owner.rep->until) return false;
    std::string type = to_lower_ascii(trim(account.type));
    std::replace_if(
        type.begin(), type.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
    const auto& ignored = options_for(scene, owner).acct_no_next_step.ignored_types;
    return std::find(ignored.begin(), ignored.end(), type) == ignored.end();
}

Finding finding_about(std::string_view check, const warehouse::OpenOpportunity& deal,
                      const Owner& owner) {
    Finding finding;
    finding.check = check;
    finding.subject = {"opportunity", deal.key.source, deal.key.id,
                       deal.name.empty() ? deal.key.id : deal.name, deal.url};
    finding.owner = owner.id;
    finding.team = owner.team;
    finding.amount = deal.amount;
    return finding;
}

}  // namespace nudged::checks
