// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/standing.hpp"

#include "daemon/checks/book.hpp"
#include "daemon/checks/evaluate.hpp"
#include "daemon/checks/holds.hpp"
#include "daemon/checks/hygiene/stalled.hpp"
#include "daemon/checks/kpi/coverage_weeks.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/warehouse/closed_deals.hpp"
#include "daemon/warehouse/deal_changes.hpp"
#include "daemon/warehouse/deal_facts.hpp"
#include "daemon/warehouse/deal_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace nudged::checks {
namespace {

using warehouse::Part;
using warehouse::RecordKey;

/// A look at more than this share of the reps costs as much as one at all of them.
constexpr double largest_part = 0.5;

/// Those that look at open deals, accounts and tasks, and those of people that are made of them.
bool is_about_records(const Check& check) {
    constexpr std::array of_people{
        std::string_view{"rep.stale_layer"}, std::string_view{"rep.coverage_gap"},
        std::string_view{"rep.lost_cycle_long"}, std::string_view{"rep.left_accounts"}};
    const auto records = checks_of_records();
    return std::ranges::any_of(records, [&](const Check& one) { return one.id == check.id; }) ||
           std::ranges::find(of_people, check.id) != of_people.end();
}

/// Rules count days; where a rep lives another one begins at another moment.
std::vector<std::chrono::local_days> days_of(const Scene& scene) {
    std::vector<std::chrono::local_days> days{Zone::utc().local_day(scene.as_of)};
    for (const auto& rep : scene.people.reps) days.push_back(rep.zone.local_day(scene.as_of));
    return days;
}

/// Some findings are so since their day began, and no record is of that moment.
bool begins_a_day(const Scene& scene) {
    const auto begins = [&](const Zone& zone) {
        return zone.instant(LocalTime{zone.local_day(scene.as_of)}) == scene.as_of;
    };
    const auto& reps = scene.people.reps;
    return begins(Zone::utc()) ||
           std::any_of(reps.begin(), reps.end(), [&](const auto& rep) { return begins(rep.zone); });
}

/// A rule that compares a rep with the team looks at all of it.
std::vector<std::set<warehouse::PersonId>> teams_of(const Scene& scene) {
    std::vector<std::set<warehouse::PersonId>> teams;
    if (scene.options.quotas.empty()) return teams;
    teams.resize(scene.people.teams.size());
    for (const auto& rep : scene.people.reps) teams[rep.team].insert(rep.id);
    return teams;
}

/// Whether the part says all there is to say of what the finding is about.
bool is_of(const Part& part, const Finding& finding) {
    const RecordKey key{finding.subject.source, finding.subject.id};
    if (finding.subject.type == "opportunity") return part.opportunities.contains(key);
    if (finding.subject.type == "account") return part.accounts.contains(key);
    if (finding.subject.type == "task") return part.tasks.contains(key);
    // It is the team's; whoever left is what it is about.
    if (finding.check == "rep.left_accounts")
        return std::ranges::any_of(part.people, [&](warehouse::PersonId person) {
            return fmt::format("{}", fmt::underlying(person)) == finding.subject.id;
        });
    return (finding.check == "opp.close_bulk_edit" ? part.editors : part.people)
        .contains(finding.owner);
}

void run_record_checks(const Scene& scene, Evaluation& evaluation) {
    for (const auto& check : catalog())
        if (is_about_records(check)) run_check(scene, check, evaluation);
}

/// The same of what is held: what was looked at there.
bool is_of(const Scene& scene, const Part& part, const HeldFor& cause) {
    switch (cause.what) {
    case HeldFor::What::opportunity: return part.opportunities.contains(cause.key);
    case HeldFor::What::account: return part.accounts.contains(cause.key);
    case HeldFor::What::task: return part.tasks.contains(cause.key);
    case HeldFor::What::team:
        return std::ranges::any_of(scene.people.reps, [&](const auto& rep) {
            return scene.people.team_of(rep).name == cause.key.id && part.people.contains(rep.id);
        });
    case HeldFor::What::all: return false;
    }
    return false;
}

/// What no rule said the cause of stays held until everything is looked at.
void keep_others(Holds& holds, const std::vector<Held>& held, const Holds& noted) {
    for (const auto& one : held)
        if (!noted.knows(one)) holds.note(one, {});
}

}  // namespace

Evaluation Standing::evaluate(const Scene& scene, const warehouse::Changes& changes) {
    const bool was_known = std::exchange(is_known_, false);
    was_whole_ = true;
    if (was_known && holds_for(scene, changes)) {
        for (const auto moment : changes.moments)
            // What is of this very moment looks like what is so as of now: the next look is whole.
            if (const auto at = from_millis(moment); at >= scene.as_of && (!next_ || at < *next_))
                next_ = at;
        if (auto findings = judge_part(scene, changes)) {
            records_.findings = std::move(*findings);
            was_whole_ = false;
        }
    }
    if (was_whole_) judge_whole(scene);
    as_of_ = scene.as_of;
    is_known_ = true;

    give_baselines(scene, baselines_);
    Evaluation evaluation = records_;
    evaluation.held = holds_.all();
    for (const auto& check : catalog())
        if (!is_about_records(check)) run_check(scene, check, evaluation);
    complete(scene, {}, evaluation);
    return evaluation;
}

/// How long a lead waits is counted in minutes, so that no answer of before holds.
bool Standing::holds_for(const Scene& scene, const warehouse::Changes& changes) const {
    const auto& leads = scene.options.leads;
    return !changes.everything && scene.as_of >= as_of_ && (!next_ || scene.as_of < *next_) &&
           (!handover_ || scene.as_of >= *handover_) &&
           (!baselines_->held_until || scene.as_of < *baselines_->held_until) &&
           leads.stages.empty() && leads.pipelines.empty() && days_ == days_of(scene) &&
           proof_ == proof_state(scene) &&
           (!changes.runs || (watched_ == warehouse::read_watched_since(scene.reader) &&
                              watch_begins_ == warehouse::read_watch_begins(scene.reader)));
}

void Standing::judge_whole(const Scene& scene) {
    baselines_ = std::make_shared<Baselines>();
    give_baselines(scene, baselines_);
    baselines_->holds.emplace();
    records_ = {};
    run_record_checks(scene, records_);
    holds_ = std::move(*baselines_->holds);
    baselines_->holds.reset();
    keep_others(holds_, records_.held, holds_);
    count_coverage(scene);
    days_ = days_of(scene);
    proof_ = proof_state(scene);
    watched_ = warehouse::read_watched_since(scene.reader);
    watch_begins_ = warehouse::read_watch_begins(scene.reader);
    next_ = begins_a_day(scene)
                ? scene.as_of
                : warehouse::next_effect(scene.reader, scene.as_of - std::chrono::milliseconds{1});
    handover_ = warehouse::last_handover(scene.reader, scene.as_of);
}

/// Read anew where a deal has changed; nothing else makes them differ on one day.
bool Standing::has_other_baselines(const Scene& scene) {
    if (baselines_->edits && !(*baselines_->edits == read_edits(scene))) return true;
    const auto is_other = [&](const auto& known, auto read) {
        return std::any_of(known.begin(), known.end(),
                           [&](const auto& entry) { return !(entry.second == read(entry.first)); });
    };
    return is_other(
               baselines_->stalls,
               [&](const auto& key) { return read_stall_days(scene, key.first, key.second); }) ||
           is_other(baselines_->wins, [&](int months) { return read_win_days(scene, months); }) ||
           is_other(baselines_->told_fields,
                    [&](const auto& key) {
                        return warehouse::is_field_told(scene.reader, key.first, key.second);
                    }) ||
           is_other(baselines_->tells_movers,
                    [&](const std::string& source) {
                        return warehouse::tells_who_moves_dates(scene.reader, source);
                    }) ||
           (baselines_->with_reasons &&
            *baselines_->with_reasons != warehouse::read_sources_with_reasons(scene.reader));
}

/// The findings of all; nullopt where a part does not do.
std::optional<Findings> Standing::judge_part(const Scene& scene,
                                             const warehouse::Changes& changes) {
    Findings findings = records_.findings;
    // What is so for as long as anybody knows is so as of now.
    for (auto& finding : findings)
        if (finding.since == as_of_) finding.since = scene.as_of;
    for (auto& [object, weeks] : baselines_->coverage)
        for (auto& week : weeks) week.seen_at = scene.as_of;
    if (changes.is_nothing() && !has_begun(scene)) return findings;
    if (changes.deals && has_other_baselines(scene)) return std::nullopt;

    const warehouse::PartView view{
        scene.reader,   changes, as_of_, scene.as_of, deals_that_name(changes.contact_names),
        teams_of(scene)};
    const auto& part = view.part();
    if (static_cast<double>(part.people.size()) >
        largest_part * static_cast<double>(scene.people.reps.size()))
        return std::nullopt;
    const auto without_contacts = baselines_->without_contacts;
    const auto without_direction = baselines_->without_direction;
    for (const auto& deal : part.opportunities) {
        baselines_->names_contact.erase(deal);
        baselines_->mails.erase(deal);
    }
    Scene of_part{scene.reader, scene.people, scene.options, scene.as_of};
    of_part.streams = scene.streams;
    give_baselines(of_part, baselines_);
    baselines_->holds.emplace();
    Evaluation judged;
    run_record_checks(of_part, judged);
    const auto of_judged = std::exchange(baselines_->holds, std::nullopt);
    if (without_contacts != baselines_->without_contacts ||
        without_direction != baselines_->without_direction)
        return std::nullopt;
    keep_coverage(of_part, part);

    std::erase_if(findings, [&](const Finding& finding) { return is_of(part, finding); });
    std::copy_if(std::make_move_iterator(judged.findings.begin()),
                 std::make_move_iterator(judged.findings.end()), std::back_inserter(findings),
                 [&](const Finding& finding) { return is_of(part, finding); });
    holds_.replace(*of_judged, [&](const HeldFor& cause) { return is_of(scene, part, cause); });
    keep_others(holds_, judged.held, *of_judged);
    return findings;
}

/// Counted anew for those of the part.
void Standing::keep_coverage(const Scene& scene, const Part& part) {
    auto known = std::move(baselines_->coverage);
    baselines_->coverage.clear();
    count_coverage(scene);
    for (auto& [object, weeks] : baselines_->coverage) {
        std::erase_if(weeks, [&](const auto& week) { return !part.people.contains(week.person); });
        std::ranges::copy_if(known[object], std::back_inserter(weeks),
                             [&](const auto& week) { return !part.people.contains(week.person); });
        std::ranges::sort(weeks, {}, &warehouse::CoverageWeek::person);
    }
}

/// Those whose findings tell a contact by one of these names or ids.
std::set<RecordKey> Standing::deals_that_name(const std::set<std::string>& contacts) const {
    std::set<RecordKey> deals;
    if (contacts.empty()) return deals;
    for (const auto& finding : records_.findings) {
        if (finding.subject.type != "opportunity") continue;
        const bool names_one = std::ranges::any_of(finding.evidence, [&](const auto& fact) {
            return std::ranges::any_of(contacts, [&](const std::string& name) {
                return fact.value.find(name) != std::string::npos;
            });
        });
        if (names_one) deals.insert({finding.subject.source, finding.subject.id});
    }
    return deals;
}

/// Whether a meeting that was to come at the last look lies behind by now.
bool Standing::has_begun(const Scene& scene) const {
    auto row = scene.reader.database().prepare(
        "SELECT 1 FROM meeting WHERE starts_at > ?1 AND starts_at <= ?2 LIMIT 1");
    return row.bind(1, as_of_).bind(2, scene.as_of).step();
}

}  // namespace nudged::checks
