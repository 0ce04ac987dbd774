// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/coaching/judgement.hpp"

#include "daemon/checks/book.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/finding_answers.hpp"
#include "daemon/warehouse/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

namespace nudged::checks {
namespace {

using std::chrono::days;
using warehouse::Commitment;
using warehouse::CommitmentState;
using warehouse::PersonId;
using warehouse::Rep;
using warehouse::StoredVerdict;

/// Weeks whose figures are read: a verdict may change so long.
constexpr int weeks_read = 2 * trend_window;
/// A year of what was agreed makes streaks and ladders.
constexpr int weeks_kept = 52;
/// After a longer pause another ladder begins.
constexpr int longest_pause = 4;
/// A rep who is away for longer than this has nothing to be moved to.
constexpr int weeks_to_move = 26;

bool is_same(const StoredVerdict& one, const StoredVerdict& other) {
    return one.status == other.status && one.value == other.value &&
           one.working_days == other.working_days && one.due == other.due &&
           one.promise == other.promise && one.week == other.week;
}

Verdict verdict_of(const StoredVerdict& stored) {
    Verdict verdict;
    verdict.status = verdict_status_of(stored.status).value_or(VerdictStatus::pending);
    verdict.value = stored.value;
    verdict.working_days = stored.working_days;
    verdict.due = stored.due;
    verdict.baseline = stored.baseline;
    verdict.progress = stored.progress;
    return verdict;
}

const Kpi* find_kpi(const CheckOptions& options, std::string_view name) {
    for (const auto& kpi : options.kpis)
        if (kpi.name == name) return &kpi;
    return nullptr;
}

/// Judges one scene's commitments.
class Judge {
public:
    Judge(const Scene& scene, IsoWeek first) : scene_(scene) {
        const warehouse::CommitmentFilter filter{.first = first, .as_of = scene.as_of};
        commitments_ = warehouse::read_commitments(scene.reader.database(), filter);
        std::erase_if(commitments_,
                      [&](const Commitment& one) { return scene.people.is_shielded(one.person); });
        if (commitments_.empty()) return;
        for (auto& verdict : warehouse::read_verdicts(scene.reader.database(), filter))
            stored_[verdict.commitment].push_back(std::move(verdict));
        std::set<PersonId> persons;
        for (const auto& commitment : commitments_) persons.insert(commitment.person);
        read_past();
        series_ = read_kpi_series(scene, weeks_read,
                                  [&](const Rep& rep) { return persons.contains(rep.id); });
        for (const auto& one : series_) series_of_[{one.rep, one.kpi->name}] = &one;
        for (const auto& rep : scene.people.reps)
            if (persons.contains(rep.id)) stays_[rep.id].push_back(&rep);
        sources_ = warehouse::read_sources_of_people(scene.reader);
        disputed_ = warehouse::read_disputed_weeks(scene.reader.database());
    }

    Judgement judge() {
        for (const auto& commitment : commitments_) judge_one(commitment);
        auto& all = made_.commitments;
        for (auto first = all.begin(); first != all.end();) {
            const auto end = std::find_if(first, all.end(), [&](const JudgedCommitment& one) {
                return one.commitment.person != first->commitment.person ||
                       one.commitment.kpi != first->commitment.kpi;
            });
            finish({first, end});
            first = end;
        }
        return std::move(made_);
    }

private:
    void read_past() {
        std::set<std::pair<PersonId, std::string>> revised;
        for (const auto& one : commitments_)
            if (one.revision > 1) revised.insert({one.person, one.kpi});
        for (const auto& [person, kpi] : revised)
            for (auto& one : warehouse::read_commitment_past(scene_.reader.database(), person, kpi))
                past_[one.id].push_back(std::move(one));
    }

    void judge_one(const Commitment& commitment) {
        JudgedCommitment judged;
        judged.commitment = commitment;
        judged.kpi = find_kpi(scene_.options, commitment.kpi);
        judged.rep = rep_in(commitment.person, commitment.week);
        if (!judged.is_agreed()) {
            judged.why = commitment.reason;
        } else if (!judged.rep) {
            judged.why = "the rep is not in teams.toml";
        } else if (const auto gone = left_before(*judged.rep, commitment.week)) {
            take_back(judged, "left the team on " + format_date(*gone));
        } else if (!judged.kpi) {
            judged.why = fmt::format("kpis.toml has no KPI \"{}\"", commitment.kpi);
        } else {
            decide(judged);
        }
        made_.commitments.push_back(std::move(judged));
    }

    /// The stay of the person that most of the week is in, or the last one.
    const Rep* rep_in(PersonId person, IsoWeek week) const {
        const Rep* best = scene_.people.rep(person);
        const auto found = stays_.find(person);
        if (found == stays_.end()) return best;
        for (const auto* rep : found->second)
            if (working_days_in_team(*rep, week) > working_days_in_team(*best, week)) best = rep;
        return best;
    }

    /// When they leave for good, if there are days of the week that they would have worked after.
    std::optional<std::chrono::local_days> left_before(const Rep& rep, IsoWeek week) const {
        const auto& last = *scene_.people.rep(rep.id);
        if (!last.until || *last.until > last.zone.local_day(scene_.as_of)) return std::nullopt;
        const auto from = std::max(*last.until, week.monday());
        if (from >= week.end()) return std::nullopt;
        if (from > week.monday() && last.calendar.working_days(from, week.end()) == 0)
            return std::nullopt;
        return last.until;
    }

    void take_back(JudgedCommitment& judged, std::string reason) {
        auto& commitment = judged.commitment;
        commitment.state = CommitmentState::taken_back;
        revise(commitment, reason);
        judged.why = std::move(reason);
    }

    void revise(const Commitment& commitment, std::string_view reason) {
        auto revision = commitment;
        ++revision.revision;
        revision.reason = reason;
        revision.made_at = scene_.as_of;
        made_.revisions.push_back(std::move(revision));
    }

    void decide(JudgedCommitment& judged) {
        const auto& commitment = judged.commitment;
        const Rep& rep = *judged.rep;
        const Promise promise{commitment.baseline, commitment.promised};
        judged.is_over = scene_.as_of >= rep.zone.instant(LocalTime{commitment.week.end()});
        const auto* series = series_of(rep, commitment.kpi);
        const KpiWeek* week = nullptr;
        if (series)
            for (const auto& one : series->weeks)
                if (one.week == commitment.week) week = &one;
        const auto* last = last_stored(commitment);
        note_past(judged, last);
        if (!week) {
            if (last && is_of(*last, commitment))
                judged.verdict = verdict_of(*last);
            else
                judged.verdict = decide_verdict(
                    promise, {.value = std::nullopt,
                              .working_days = working_days_in_team(rep, commitment.week),
                              .is_complete = false});
            return;
        }
        judged.verdict = decide_verdict(promise, {.value = week->value,
                                                  .working_days = week->working_days,
                                                  .is_complete = is_complete(rep, *week),
                                                  .is_proven = week->is_usable()});
        if (disputed_.contains(
                {commitment.person, fmt::format("{}/{}", commitment.kpi, commitment.week.str())})) {
            // No verdict, and neither kept nor missed in a row, before somebody has looked.
            judged.verdict.status = VerdictStatus::pending;
            judged.is_disputed = true;
            judged.why = "somebody says that this is wrong; it is held until it has been looked at";
            return;
        }
        if (week->provisional || judged.verdict.status == VerdictStatus::pending)
            judged.why = week->excluded;
        if (judged.verdict.status == VerdictStatus::unverifiable) {
            judged.why = week->excluded;
            // What was decided while it was proven stands until it is proven again.
            if (last && is_of(*last, commitment) && last->week == commitment.week &&
                is_judged(verdict_of(*last).status)) {
                judged.verdict = verdict_of(*last);
                return;
            }
        }
        if (judged.verdict.status == VerdictStatus::pending) return;
        note(judged, last);
        if (judged.verdict.status == VerdictStatus::excused) move(judged, *week);
    }

    /// A source is given as long to be read after the week has settled as data may be old.
    bool is_complete(const Rep& rep, const KpiWeek& week) const {
        const Instant settled = complete_from(rep, week.week, scene_.options.settle);
        if (scene_.as_of < settled) return false;
        return week.is_usable() || week.working_days < least_working_days ||
               scene_.as_of >= settled + scene_.options.freshness.max_age;
    }

    const KpiSeries* series_of(const Rep& rep, const std::string& kpi) const {
        const auto found = series_of_.find({&rep, kpi});
        return found == series_of_.end() ? nullptr : found->second;
    }

    const StoredVerdict* last_stored(const Commitment& commitment) const {
        const auto found = stored_.find(commitment.id);
        return found == stored_.end() || found->second.empty() ? nullptr : &found->second.back();
    }

    /// What earlier verdicts say beside the last one.
    void note_past(JudgedCommitment& judged, const StoredVerdict* last) const {
        if (last && last->status == to_string(VerdictStatus::excused) &&
            last->week < judged.commitment.week)
            judged.moved_from = last->week;
    }

    void note(JudgedCommitment& judged, const StoredVerdict* last) {
        const auto& commitment = judged.commitment;
        StoredVerdict verdict{.commitment = commitment.id,
                              .promise = commitment.revision,
                              .person = commitment.person,
                              .week = commitment.week,
                              .status = std::string{to_string(judged.verdict.status)},
                              .value = judged.verdict.value,
                              .working_days = judged.verdict.working_days,
                              .due = judged.verdict.due,
                              .baseline = judged.verdict.baseline,
                              .progress = judged.verdict.progress,
                              .decided_at = scene_.as_of,
                              .rests_on = rests_on(judged)};
        const auto past = stored_.find(commitment.id);
        if (past != stored_.end() && is_judged(judged.verdict.status))
            for (const auto& one : past->second) {
                const auto status = verdict_status_of(one.status);
                if (is_of(one, commitment) && one.week == commitment.week && status &&
                    is_judged(*status) && is_better(*status, judged.verdict.status))
                    judged.was_better = true;
            }
        if (!last || !is_same(*last, verdict)) made_.verdicts.push_back(std::move(verdict));
    }

    /// "crm as of 2026-11-24T12:00:00Z", or why the week is not proven.
    std::string rests_on(const JudgedCommitment& judged) const {
        if (!judged.why.empty()) return judged.why;
        const auto* measure = scene_.options.measures.find(judged.kpi->measure);
        const auto known = sources_.find(judged.commitment.person);
        if (!measure || known == sources_.end()) return {};
        std::string text;
        for (const auto& source : known->second) {
            const auto streams = streams_of(scene_).find(source);
            if (streams == streams_of(scene_).end()) continue;
            for (const auto& stream : streams->second)
                if (stream.stream.entity == measure->entity && stream.complete_at)
                    text += fmt::format("{}{} as of {}", text.empty() ? "" : ", ", source,
                                        format_instant(*stream.complete_at));
        }
        return text;
    }

    /// To the next week in which the rep is there, unless something is agreed for that one already.
    void move(const JudgedCommitment& judged, const KpiWeek& week) {
        auto moved = judged.commitment;
        const auto from = moved.week;
        const auto why =
            fmt::format("{} days worked in {}", number_text(week.working_days), from.str());
        for (int ahead = 1; ahead <= weeks_to_move; ++ahead) {
            moved.week = from.plus(ahead);
            if (working_days_in_team(*rep_in(moved.person, moved.week), moved.week) >=
                least_working_days)
                break;
        }
        if (const auto other = agreed_for(moved)) {
            const auto text =
                fmt::format("{}, and number {} is agreed for {}", why, *other, moved.week.str());
            moved.week = from;
            moved.state = CommitmentState::superseded;
            revise(moved, text);
        } else {
            moved_.emplace(std::tuple{moved.person, moved.kpi, moved.week}, moved.id);
            revise(moved, why);
        }
    }

    /// Which one holds for the week that another is to move to: agreed for it, or moved to it just
    /// now, as when somebody is away for two weeks of which each had one.
    std::optional<std::int64_t> agreed_for(const Commitment& moved) const {
        const auto theirs =
            std::ranges::equal_range(commitments_, moved.person, {}, &Commitment::person);
        const auto other = std::ranges::find_if(theirs, [&](const Commitment& one) {
            return one.kpi == moved.kpi && one.week == moved.week &&
                   one.state == CommitmentState::agreed;
        });
        if (other != theirs.end()) return other->id;
        const auto found = moved_.find({moved.person, moved.kpi, moved.week});
        return found == moved_.end() ? std::nullopt : std::optional{found->second};
    }

    /// Whether a verdict was about the same numbers: another wording, or the rep's yes, makes a
    /// revision that leaves it as it is.
    bool is_of(const StoredVerdict& verdict, const Commitment& commitment) const {
        if (verdict.promise == commitment.revision) return true;
        const auto past = past_.find(commitment.id);
        if (past == past_.end()) return false;
        const auto judged =
            std::find_if(past->second.begin(), past->second.end(),
                         [&](const Commitment& one) { return one.revision == verdict.promise; });
        return judged != past->second.end() && judged->week == commitment.week &&
               judged->baseline == commitment.baseline && judged->promised == commitment.promised;
    }

    /// Streaks, proposals and what follows what, within one rep and KPI.
    void finish(std::span<JudgedCommitment> group) {
        std::vector<VerdictStatus> verdicts;
        std::vector<const JudgedCommitment*> ladder;
        JudgedCommitment* last = nullptr;
        for (auto& judged : group) {
            if (!judged.is_agreed()) continue;
            const auto status = judged.verdict.status;
            const bool counts = is_judged(status) || (judged.is_over && !judged.is_disputed &&
                                                      is_reached(judged.verdict));
            if (!counts) continue;
            if (last) last->has_next = true;
            last = &judged;
            verdicts.push_back(is_judged(status) ? status : VerdictStatus::met);
            judged.streak = count_streak(verdicts);
            made_.streaks[{judged.commitment.person, judged.commitment.kpi}] = judged.streak;
            if (!ladder.empty() &&
                judged.commitment.week > ladder.back()->commitment.week.plus(longest_pause))
                ladder.clear();
            ladder.push_back(&judged);
            judged.next = propose(judged, ladder);
        }
        // What was kept long ago runs no more.
        const auto now = IsoWeek::of(Zone::utc().local_day(scene_.as_of));
        if (last && last->commitment.week.plus(longest_pause) < now)
            made_.streaks.erase({last->commitment.person, last->commitment.kpi});
    }

    std::optional<Proposal> propose(const JudgedCommitment& judged,
                                    const std::vector<const JudgedCommitment*>& ladder) const {
        const auto* series = judged.rep ? series_of(*judged.rep, judged.commitment.kpi) : nullptr;
        if (!series || !series->week_target) return std::nullopt;
        std::vector<Rung> rungs;
        for (const auto* one : ladder)
            rungs.push_back(
                {{one->commitment.baseline, one->commitment.promised},
                 is_judged(one->verdict.status) ? one->verdict.status : VerdictStatus::met});
        return propose_rung(rungs, usual_of(*series).value_or(0), *series->week_target,
                            scene_.options.coaching.ladder);
    }

    const Scene& scene_;
    std::vector<Commitment> commitments_;                  // person by person
    std::set<std::pair<PersonId, std::string>> disputed_;  // KPI/week
    std::map<std::int64_t, std::vector<StoredVerdict>> stored_;
    std::vector<KpiSeries> series_;
    std::map<std::pair<const Rep*, std::string>, const KpiSeries*> series_of_;
    std::map<PersonId, std::vector<const Rep*>> stays_;
    std::map<PersonId, std::set<std::string>> sources_;
    std::map<std::int64_t, std::vector<Commitment>> past_;  // revisions of those that have several
    std::map<std::tuple<PersonId, std::string, IsoWeek>, std::int64_t> moved_;  // just now
    Judgement made_;
};

}  // namespace

int Judgement::kept_in_a_row(PersonId person, const std::string& kpi) const {
    const auto found = streaks.find({person, kpi});
    return found == streaks.end() ? 0 : found->second.kept;
}

Judgement judge_commitments(const Scene& scene, IsoWeek first) {
    return Judge(scene, first).judge();
}

const Judgement& judgement_of(const Scene& scene) {
    if (!scene.judgement) {
        const auto now = IsoWeek::of(Zone::utc().local_day(scene.as_of));
        scene.judgement =
            std::make_shared<const Judgement>(judge_commitments(scene, now.plus(-weeks_kept)));
    }
    return *scene.judgement;
}

std::optional<double> usual_of(const KpiSeries& series) {
    std::vector<double> values;
    for (auto week = series.weeks.rbegin(); week != series.weeks.rend(); ++week)
        if (week->is_usable() && week->value && values.size() < trend_window)
            values.push_back(*week->value * standard_week / week->working_days);
    if (values.empty()) return std::nullopt;
    return std::round(median(values));
}

std::optional<Proposal> propose_next(const Scene& scene, const Rep& rep, const Kpi& kpi) {
    const JudgedCommitment* last = nullptr;
    for (const auto& judged : judgement_of(scene).commitments)
        if (judged.commitment.person == rep.id && judged.commitment.kpi == kpi.name && judged.next)
            last = &judged;
    const auto now = IsoWeek::of(rep.zone.local_day(scene.as_of));
    if (last && last->commitment.week.plus(longest_pause) >= now) return last->next;
    for (const auto& series :
         read_kpi_series(scene, weeks_read, [&](const Rep& one) { return &one == &rep; })) {
        if (series.kpi != &kpi || !series.week_target) continue;
        if (const auto usual = usual_of(series))
            return propose_rung({}, *usual, *series.week_target, scene.options.coaching.ladder);
    }
    return std::nullopt;
}

void note_judgement(warehouse::Database& database, const Judgement& judgement) {
    const auto is_present = [&](std::int64_t id, int revision) {
        const auto commitment = warehouse::find_commitment(database, id);
        return commitment && commitment->revision == revision;
    };
    for (const auto& verdict : judgement.verdicts)
        if (is_present(verdict.commitment, verdict.promise))
            warehouse::insert_verdict(database, verdict);
    for (const auto& revision : judgement.revisions)
        if (is_present(revision.id, revision.revision - 1))
            warehouse::revise_commitment(database, revision);
}

}  // namespace nudged::checks
