// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/coaching_maker.hpp"

#include "daemon/alerts/brief.hpp"
#include "daemon/alerts/card.hpp"
#include "daemon/checks/coaching/cadence_read.hpp"
#include "daemon/warehouse/closed_deals.hpp"
#include "daemon/warehouse/note_reading.hpp"

#include <algorithm>

namespace nudged::runtime {
namespace {

using warehouse::NoteType;

/// In the week before that of the day, by the clocks of the team.
std::map<warehouse::PersonId, alerts::Wins> read_wins(const checks::Scene& scene,
                                                      const warehouse::Team& team,
                                                      std::chrono::local_days day) {
    const auto week = IsoWeek::of(day).plus(-1);
    std::map<warehouse::PersonId, alerts::Wins> all;
    for (const auto& won :
         warehouse::read_won_amounts(scene.reader, team.zone.instant(LocalTime{week.monday()}),
                                     team.zone.instant(LocalTime{week.end()}))) {
        auto& wins = all[won.owner];
        ++wins.deals;
        auto& sum = wins.amounts[won.currency];
        sum = sum.plus(won.amount).value_or(sum);
    }
    return all;
}

std::map<warehouse::PersonId, std::chrono::local_days> last_of(const checks::TalksOfManagers& talks,
                                                               const warehouse::Team& team) {
    std::map<warehouse::PersonId, std::chrono::local_days> last;
    const auto held = talks.find(team.manager);
    if (held == talks.end()) return last;
    for (const auto& talk : held->second) {
        if (talk.type != NoteType::one_on_one) continue;
        const auto [known, is_new] = last.emplace(talk.rep, talk.held_on);
        if (!is_new) known->second = std::max(known->second, talk.held_on);
    }
    return last;
}

std::vector<warehouse::Plan> running_plans(const warehouse::Reader& reader) {
    auto plans = warehouse::read_plans(reader);
    std::erase_if(plans, [](const auto& plan) { return plan.ended_at.has_value(); });
    return plans;
}

}  // namespace

std::vector<alerts::BestPractice> read_practices(const checks::Scene& scene,
                                                 const warehouse::Team& team) {
    std::vector<alerts::BestPractice> practices;
    const warehouse::NoteAsker manager{team.manager, team.zone.local_day(scene.as_of)};
    warehouse::NoteFilter filter;
    filter.type = NoteType::best_practice;
    const auto seen = warehouse::read_notes(scene.reader, manager, filter);
    for (const auto& note : seen.notes)
        if (note.text && !note.text->kpi.empty() && note.rep != warehouse::PersonId::nobody)
            practices.push_back({static_cast<std::int64_t>(note.id), note.text->kpi, note.rep,
                                 note.rep_name, note.held_on, team.manager_email});
    return practices;
}

alerts::Digest make_coaching(const config::Config& config, const checks::Scene& scene,
                             const alerts::DigestScene& digest) {
    const auto& team = digest.team;
    const auto talks = checks::read_talks_of_managers(scene);
    alerts::CoachingScene coaching{.digest = digest, .judgement = checks::judgement_of(scene)};
    coaching.cadence =
        checks::make_cadence(checks::read_cadence(scene, team, talks, coaching.cadence_weeks));
    coaching.last_one_on_one = last_of(talks, team);
    switch (digest.due.occasion) {
    case alerts::Occasion::card:
        coaching.plans = running_plans(scene.reader);
        return alerts::compose_card(coaching, *scene.people.rep(digest.due.rep), config.alerts);
    case alerts::Occasion::scrum: return alerts::compose_scrum(coaching, config.alerts);
    case alerts::Occasion::brief:
    case alerts::Occasion::digest: break;
    }
    coaching.wins = read_wins(scene, team, digest.due.day);
    return alerts::compose_brief(coaching, config.alerts);
}

}  // namespace nudged::runtime
