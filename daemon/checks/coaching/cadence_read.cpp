// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/coaching/cadence_read.hpp"

#include "daemon/checks/coaching/judgement.hpp"

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

/// A talk, rather than something that is written down.
bool takes_time(NoteType type) {
    switch (type) {
    case NoteType::praise:
    case NoteType::best_practice:
    case NoteType::escalation: return false;
    default: return true;
    }
}

/// The first 1:1 of the rep with the manager after a day.
std::optional<std::chrono::local_days> next_talk(std::span<const HeldTalk> talks,
                                                 warehouse::PersonId rep,
                                                 warehouse::PersonId manager,
                                                 std::chrono::local_days day) {
    std::optional<std::chrono::local_days> next;
    for (const auto& talk : talks)
        if (talk.type == NoteType::one_on_one && talk.rep == rep && talk.manager == manager &&
            talk.held_on >= day && (!next || talk.held_on < *next))
            next = talk.held_on;
    return next;
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
    for (const auto& talk : held) {
        if (talk.team != team.name || talk.held_on > input.today) continue;
        if (takes_time(talk.type)) input.talks.push_back({talk.held_on, talk.minutes});
        if (talk.type == NoteType::scrum) input.scrums.push_back({talk.held_on, talk.minutes});
    }
    input.follow_up = read_follow_up(scene, team, held, input.first, weeks);
    return input;
}

std::optional<FollowUp> read_follow_up(const Scene& scene, const warehouse::Team& team,
                                       std::span<const HeldTalk> talks,
                                       std::chrono::local_days first, int weeks) {
    const auto& judgement = judgement_of(scene);
    if (judgement.commitments.empty()) return std::nullopt;
    const auto from = IsoWeek::of(first);
    FollowUp followed;
    for (const auto& judged : judgement.commitments) {
        const auto& commitment = judged.commitment;
        if (!judged.is_agreed() || !judged.rep || &scene.people.team_of(*judged.rep) != &team ||
            commitment.week < from || commitment.week >= from.plus(weeks))
            continue;
        ++followed.due;
        if (commitment.worked.empty() && commitment.hard.empty()) continue;
        const auto next = next_talk(talks, judged.rep->id, team.manager, commitment.week.end());
        followed.recorded += !next || team.zone.local_day(commitment.made_at) <= *next;
    }
    return followed;
}

}  // namespace nudged::checks
