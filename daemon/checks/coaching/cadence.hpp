// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace nudged::checks {

/// One 1:1 that was held.
struct OneOnOne {
    std::chrono::local_days held_on{};
    std::optional<std::chrono::local_days> written_on;  // empty: not known
    bool has_commitment = false;                        // a number and a week were agreed
};

/// What a manager did with one rep; days are local, in any order.
struct CadenceRep {
    std::string name;
    WorkCalendar calendar;
    std::optional<std::chrono::local_days> from, until;  // in the team; until is exclusive
    std::vector<OneOnOne> one_on_ones;
    std::vector<std::chrono::local_days> joint_calls;
    std::vector<std::chrono::local_days> career_talks;
    std::vector<std::chrono::local_days> plan_reviews;
    std::vector<std::chrono::local_days> praises;
};

struct Scrum {
    std::chrono::local_days held_on{};
    std::optional<int> minutes;
};

/// A talk that takes a manager's time, and how long it took where somebody has said so.
struct TimedTalk {
    std::chrono::local_days held_on{};
    std::optional<int> minutes;
};

/// Commitments that were due in the weeks looked at, and those whose outcome was recorded by the
/// next 1:1.
struct FollowUp {
    int due = 0;
    int recorded = 0;
};

struct CadenceInput {
    std::chrono::local_days first{};  // the Monday of the first week
    int weeks = 4;                    // complete ones
    std::chrono::local_days today{};  // after them
    int one_on_one_days = 7;          // calendar days from one 1:1 to the next
    WorkCalendar manager;
    std::vector<CadenceRep> reps;
    std::vector<Scrum> scrums;
    std::vector<TimedTalk> talks;       // 1:1s, joint calls, reviews, scrums
    std::optional<FollowUp> follow_up;  // empty: commitments are not kept here
};

/// How much of what was to be done was. What nobody records at all is not recorded, and not 0 %.
struct Kept {
    bool is_recorded = false;
    int done = 0;
    int of = 0;
    double goal = 0;  // the share worth reaching

    /// Empty: not recorded, or there was nothing to do.
    std::optional<double> share() const {
        return is_recorded && of > 0 ? std::optional{static_cast<double>(done) / of} : std::nullopt;
    }
};

/// The time that went into coaching in the weeks, as far as it is noted.
struct CoachingTime {
    int minutes = 0;
    int timed = 0;  // talks that say how long they took …
    int talks = 0;  // … of so many
};

struct Gap {
    std::string rep;
    std::optional<std::chrono::local_days> last;  // empty: none yet
    int working_days = 0;
    double limit = 0;  // above it the gap is worth a thought
};

/// The manager's own KPIs (sales practice §10).
struct Cadence {
    Kept one_on_one;        // slots with a 1:1, of slots that were not excused
    int excused = 0;        // rep or manager was off the whole slot
    std::vector<Gap> gaps;  // per rep that is in the team today, the longest first
    Kept logged;            // written within two working days, of 1:1s of which that is known
    Kept specific;          // 1:1s with a commitment
    Kept followed_up;       // due commitments
    Kept scrum;             // weeks with one
    Kept short_scrum;       // of scrums of known length those of at most five minutes a rep
    Kept joint;             // reps joined in the last four weeks
    Kept career;            // reps with a career talk in the last six months
    Kept plan_review;       // reps whose plan was reviewed in the last eight weeks
    Kept praise;            // weeks of reps with a praise
    CoachingTime time;
};

/// Pure. A slot is a stretch of `one_on_one_days` from the first Monday on; a rep has as many as
/// fit into the weeks.
Cadence make_cadence(const CadenceInput& input);

/// 1.5 × the cadence, in working days of a standard week: 7.5 for one 1:1 a week of five days.
double longest_gap(int one_on_one_days, const WorkCalendar& calendar, double multiple = 1.5);

}  // namespace nudged::checks
