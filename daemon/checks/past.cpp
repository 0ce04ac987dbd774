// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/past.hpp"

#include "daemon/checks/baselines.hpp"
#include "daemon/checks/book.hpp"
#include "daemon/checks/holds.hpp"
#include "daemon/checks/proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace nudged::checks {

using warehouse::DealChange;
using warehouse::DealField;
using warehouse::RecordKey;

/// Read piece by piece, as rules ask for it.
struct Past {
    std::map<DealField, std::map<RecordKey, DealChanges>> changes;
    std::shared_ptr<Baselines> baselines = std::make_shared<Baselines>();
    std::optional<ClosedBook> closed;
    std::optional<std::map<std::pair<std::string, std::string>, warehouse::StageInfo>> stages;
    std::optional<std::map<std::pair<std::string, std::string>, warehouse::UserInfo>> users;
};

namespace {

Past& past_of(const Scene& scene) {
    if (!scene.past) scene.past = std::make_shared<Past>();
    return *scene.past;
}

const std::map<std::pair<std::string, std::string>, warehouse::UserInfo>& users_of(
    const Scene& scene) {
    auto& past = past_of(scene);
    if (!past.users) past.users = warehouse::read_users(scene.reader);
    return *past.users;
}

/// Integrations are whom the admin names, and the users that the CRM itself calls no persons.
warehouse::EditRules edit_rules(const Scene& scene) {
    const auto& options = scene.options;
    warehouse::EditRules rules;
    for (const auto& user : options.integration_users) {
        const auto slash = user.find('/');
        rules.integration_users.insert(
            {user.substr(0, slash), slash == user.npos ? "" : user.substr(slash + 1)});
    }
    for (const auto& [key, user] : users_of(scene))
        if (!user.is_person) rules.integration_users.insert(key);
    rules.mass_objects = options.mass_edit_objects;
    rules.mass_within = options.mass_edit_minutes;
    return rules;
}

/// A CRM overwrites the close date when a deal is closed, and a person sets another one when it is
/// opened again: within a day of that, a date is new and not moved.
bool is_at_reopening(const Scene& scene, const DealChange& change) {
    const auto& moves = changes_of(scene, change.opportunity, DealField::stage);
    return std::any_of(moves.begin(), moves.end(), [&](const DealChange& move) {
        const auto* before = stage_of(scene, move.opportunity.source, move.before);
        const auto* after = stage_of(scene, move.opportunity.source, move.after);
        const auto apart = change.at > move.at ? change.at - move.at : move.at - change.at;
        return before && before->is_closed && after && !after->is_closed &&
               apart <= std::chrono::days{1};
    });
}

constexpr int months_of_a_quarter = 3;

ClosedBook read_closed_book(const Scene& scene) {
    // Days are local to reps, so it is read from a day earlier to a day later.
    const int months = std::max(months_of_a_quarter, scene.options.rep_coverage_gap.win_months);
    const auto first = Zone::utc().local_day(months_before(scene.as_of, months));
    const auto today = Zone::utc().local_day(scene.as_of);
    ClosedBook book;
    book.deals = warehouse::read_closed_deals(scene.reader, first - std::chrono::days{2},
                                              today + std::chrono::days{2}, scene.as_of);
    for (std::size_t i = 0; i < book.deals.size(); ++i) {
        const auto owner = book.deals[i].owner;
        book.of_owner[owner].push_back(i);
        if (const auto* rep = scene.people.rep(owner)) book.of_team[rep->team].push_back(i);
    }
    return book;
}

}  // namespace

const std::map<RecordKey, DealChanges>& all_changes(const Scene& scene, DealField field) {
    auto& past = past_of(scene);
    const auto known = past.changes.find(field);
    if (known != past.changes.end()) return known->second;
    auto& of_field = past.changes[field];
    for (auto& change : warehouse::read_deal_changes(scene.reader, field, scene.as_of))
        of_field[change.opportunity].push_back(std::move(change));
    return of_field;
}

const DealChanges& changes_of(const Scene& scene, const RecordKey& deal, DealField field) {
    static const DealChanges none;
    const auto& all = all_changes(scene, field);
    const auto found = all.find(deal);
    return found == all.end() ? none : found->second;
}

Baselines& baselines_of(const Scene& scene) {
    return *past_of(scene).baselines;
}

void give_baselines(const Scene& scene, std::shared_ptr<Baselines> baselines) {
    past_of(scene).baselines = std::move(baselines);
}

const warehouse::EditFilter& edits_of(const Scene& scene) {
    auto& baselines = baselines_of(scene);
    if (!baselines.edits) baselines.edits.emplace(read_edits(scene));
    return *baselines.edits;
}

warehouse::EditFilter read_edits(const Scene& scene) {
    return {scene.reader, edit_rules(scene), scene.as_of};
}

bool is_meaningful(const Scene& scene, const DealChange& change) {
    return edits_of(scene).is_meaningful(change.opportunity.source, change.by, change.at);
}

std::vector<ClosePush> pushes_of(const Scene& scene, const RecordKey& deal) {
    std::vector<ClosePush> pushes;
    for (const auto& change : changes_of(scene, deal, DealField::close_date)) {
        const auto from = parse_date(change.before);
        const auto to = parse_date(change.after);
        if (!from || !to || *to <= *from) continue;
        if (!is_meaningful(scene, change) || is_at_reopening(scene, change)) continue;
        const auto* user = user_of(scene, deal.source, change.by);
        pushes.push_back({*from, *to, change.at, user ? user->name : ""});
    }
    return pushes;
}

std::optional<LastChange> last_change_of(const Scene& scene, const RecordKey& deal) {
    std::optional<LastChange> last;
    // Of several at once the first by name is told.
    for (const auto field : {DealField::amount, DealField::close_date, DealField::stage}) {
        const auto& changes = changes_of(scene, deal, field);
        const auto found =
            std::find_if(changes.rbegin(), changes.rend(),
                         [&](const DealChange& change) { return is_meaningful(scene, change); });
        if (found != changes.rend() && (!last || found->at > last->at))
            last = LastChange{found->at, std::string{to_string(field)}};
    }
    return last;
}

const ClosedBook& closed_book(const Scene& scene) {
    auto& past = past_of(scene);
    if (!past.closed) past.closed = read_closed_book(scene);
    return *past.closed;
}

const warehouse::StageInfo* stage_of(const Scene& scene, const std::string& source,
                                     const std::string& id) {
    auto& past = past_of(scene);
    if (!past.stages) past.stages = warehouse::read_stages(scene.reader);
    const auto found = past.stages->find({source, id});
    return found == past.stages->end() ? nullptr : &found->second;
}

std::vector<std::pair<std::string, const warehouse::StageInfo*>> stages_of(
    const Scene& scene, const std::string& source, const std::string& pipeline) {
    auto& past = past_of(scene);
    if (!past.stages) past.stages = warehouse::read_stages(scene.reader);
    std::vector<std::pair<std::string, const warehouse::StageInfo*>> stages;
    for (const auto& [key, stage] : *past.stages)
        if (key.first == source && stage.pipeline_id == pipeline)
            stages.emplace_back(key.second, &stage);
    return stages;
}

std::string stage_name(const Scene& scene, const std::string& source, const std::string& id) {
    const auto* stage = stage_of(scene, source, id);
    return stage ? stage->name : id;
}

const warehouse::UserInfo* user_of(const Scene& scene, const std::string& source,
                                   const std::string& id) {
    const auto& users = users_of(scene);
    const auto found = users.find({source, id});
    return found == users.end() ? nullptr : &found->second;
}

std::string user_name(const Scene& scene, const std::string& source, const std::string& id) {
    if (id.empty()) return "nobody";
    const auto* user = user_of(scene, source, id);
    return user && !user->name.empty() ? user->name : id;
}

namespace {

void note_held_until(const Scene& scene, Instant moment) {
    auto& until = baselines_of(scene).held_until;
    if (!until || moment < *until) until = moment;
}

}  // namespace

std::optional<std::string> without_history(const Scene& scene, const std::string& source,
                                           Instant since,
                                           const std::map<std::string, Instant>& watched) {
    if (tells(scene, source, model::Entity::opportunity_change)) return std::nullopt;
    const auto begin = watched.find(source);
    if (begin == watched.end()) return fmt::format("{} tells no history of opportunities", source);
    if (begin->second <= since) return std::nullopt;
    return fmt::format("{} tells no history of opportunities, and has been watched since {}",
                       source, format_date(Zone::utc().local_day(begin->second)));
}

void hold_without_history(const Scene& scene, std::string_view check, std::chrono::days reach,
                          std::vector<Held>& held) {
    std::map<std::string, std::optional<Held>> of_source;
    std::optional<std::map<std::string, Instant>> watched;
    const auto decide = [&](const std::string& source) -> std::optional<Held> {
        if (tells(scene, source, model::Entity::opportunity_change)) return std::nullopt;
        if (!watched) watched = warehouse::read_watched_since(scene.reader);
        auto reason = without_history(scene, source, scene.as_of - reach, *watched);
        if (!reason) return std::nullopt;
        if (const auto begin = watched->find(source); begin != watched->end())
            note_held_until(scene, begin->second + reach);
        held.push_back({std::string{check}, source, std::move(*reason), false});
        return held.back();
    };
    for (const auto& deal : book_of(scene).opportunities) {
        auto known = of_source.find(deal.key.source);
        if (known == of_source.end())
            known = of_source.emplace(deal.key.source, decide(deal.key.source)).first;
        if (known->second) note_hold(scene, *known->second, {HeldFor::What::opportunity, deal.key});
    }
}

Instant day_start(Instant moment) {
    return std::chrono::floor<std::chrono::days>(moment);
}

Instant months_before(Instant moment, int months) {
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    auto date = std::chrono::year_month_day{day} - std::chrono::months{months};
    if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
    return std::chrono::sys_days{date} + (moment - day);
}

double days_between(Instant from, Instant until, Days counted) {
    static const WorkCalendar plain;
    const auto first = Zone::utc().local_day(from);
    const auto last = Zone::utc().local_day(until);
    if (counted == Days::working) return plain.working_age(first, last);
    return static_cast<double>((last - first).count());
}

}  // namespace nudged::checks
