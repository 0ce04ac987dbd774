// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/coaching/cadence_read.hpp"

namespace nudged::checks {
namespace {

using warehouse::HeldTalk;
using warehouse::NoteType;

void take(CadenceRep& rep, const HeldTalk& talk, const Zone& zone) {
    switch (talk.type) {
    case NoteType::one_on_one: {
        std::optional<std::chrono::local_days> written_on;
        if (talk.written_at) written_on = zone.local_day(*talk.written_at);
        rep.one_on_ones.push_back({talk.held_on, written_on, talk.is_specific});
        break;
    }
    case NoteType::joint_call: rep.joint_calls.push_back(talk.held_on); break;
    case NoteType::career: rep.career_talks.push_back(talk.held_on); break;
    case NoteType::plan_review: rep.plan_reviews.push_back(talk.held_on); break;
    case NoteType::praise: rep.praises.push_back(talk.held_on); break;
    default: break;
    }
}

}  // namespace

TalksOfManagers read_talks_of_managers(const Scene& scene) {
    TalksOfManagers talks;
    for (auto& talk : warehouse::read_talks(scene.reader, scene.as_of))
        talks[talk.manager].push_back(std::move(talk));
    return talks;
}

CadenceInput read_cadence(const Scene& scene, const warehouse::Team& team,
                          const TalksOfManagers& talks, int weeks) {
    static const std::vector<HeldTalk> none;
    const auto found = talks.find(team.manager);
    // What somebody else held with a rep is not this manager's cadence.
    const auto& held = found == talks.end() ? none : found->second;
    CadenceInput input;
    input.today = team.zone.local_day(scene.as_of);
    input.weeks = weeks;
    input.first = IsoWeek::of(input.today).plus(-weeks).monday();
    input.one_on_one_days = team.coaching.one_on_one_days;
    input.manager = team.calendar;
    for (const auto& rep : scene.people.reps) {
        if (&scene.people.team_of(rep) != &team) continue;
        CadenceRep made;
        made.name = rep.name;
        made.calendar = rep.calendar;
        made.from = rep.from;
        made.until = rep.until;
        for (const auto& talk : held)
            if (talk.rep == rep.id && talk.held_on <= input.today) take(made, talk, team.zone);
        input.reps.push_back(std::move(made));
    }
    for (const auto& talk : held)
        if (talk.type == NoteType::scrum && talk.team == team.name && talk.held_on <= input.today)
            input.scrums.push_back({talk.held_on, talk.minutes});
    input.follow_up = read_follow_up(scene, team, input.first, weeks);
    return input;
}

std::optional<FollowUp> read_follow_up(const Scene&, const warehouse::Team&,
                                       std::chrono::local_days, int) {
    return std::nullopt;
}

}  // namespace nudged::checks
