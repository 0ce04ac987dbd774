// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/coaching/judgement.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <cmath>

namespace nudged::checks {
namespace {

using std::chrono::days;

constexpr std::string_view open_question = "What worked, what got in the way?";

/// "50, from 40", "50, which is 40 for 4 days worked, from 40"; "to hold 50".
std::string agreed_text(const JudgedCommitment& judged) {
    const auto& commitment = judged.commitment;
    std::string text = number_text(commitment.promised);
    const bool is_hold = Promise{commitment.baseline, commitment.promised}.is_hold();
    if (is_hold) text = "to hold " + text;
    if (judged.verdict.working_days != standard_week)
        text += fmt::format(", which is {} for {} days worked", number_text(judged.verdict.due),
                            number_text(judged.verdict.working_days));
    if (!is_hold) text += ", from " + number_text(commitment.baseline);
    return text;
}

std::string rung_text(const Proposal& next) {
    return fmt::format("{}, from {}", number_text(next.to), number_text(next.from));
}

/// What counted for the week, so that "how do we know?" has an answer.
std::string listing(const JudgedCommitment& judged) {
    const auto& week = judged.commitment.week;
    return fmt::format("nudged warehouse sql \"SELECT day, source, value FROM v_rep_day WHERE "
                       "person_id = {} AND measure = '{}' AND day BETWEEN '{}' AND '{}'\"",
                       static_cast<std::int64_t>(judged.commitment.person), judged.kpi->measure,
                       format_date(week.monday()), format_date(week.end() - days{1}));
}

void add_evidence(Finding& finding, const JudgedCommitment& judged, const Owner& owner) {
    const auto& commitment = judged.commitment;
    const auto& verdict = judged.verdict;
    std::string week =
        fmt::format("{} of {}, {} days worked", number_text(verdict.value.value_or(0)),
                    number_text(verdict.due), number_text(verdict.working_days));
    if (verdict.progress)
        week += fmt::format(", {} % of the way",
                            number_text(std::round(*verdict.progress * 1000) / 10));
    finding.evidence.push_back({commitment.week.str(), std::move(week), ""});
    std::string agreed = agreed_text(judged);
    if (!commitment.agreed_by.empty()) agreed += ", by " + commitment.agreed_by;
    agreed += " on " + day_text(owner, commitment.agreed_at);
    finding.evidence.push_back({"agreed", std::move(agreed), ""});
    if (judged.streak.kept > 1)
        finding.evidence.push_back({"kept in a row", fmt::format("{}", judged.streak.kept), ""});
    if (judged.streak.missed > 1)
        finding.evidence.push_back(
            {"missed in a row", fmt::format("{}", judged.streak.missed), ""});
    if (judged.next && judged.next->kind != Proposal::Kind::reached)
        finding.evidence.push_back({"next rung", rung_text(*judged.next), ""});
    finding.evidence.push_back({"why it counts", judged.kpi->why, ""});
    finding.evidence.push_back({"to list it", listing(judged), ""});
}

Finding finding_about(std::string_view check, const JudgedCommitment& judged, const Owner& owner,
                      IsoWeek week) {
    Finding finding;
    finding.check = check;
    finding.subject = {"person", "",
                       fmt::format("{}", static_cast<std::int64_t>(judged.commitment.person)),
                       judged.rep->name, ""};
    finding.owner = owner.id;
    finding.team = owner.team;
    finding.aspect = fmt::format("{}/{}", judged.kpi->name, week.str());
    finding.since = owner.zone.instant(LocalTime{week.end()});
    return finding;
}

/// "Dials: 46 in 2026-W48"
std::string came_to(const JudgedCommitment& judged) {
    return fmt::format("{}: {} in {}", judged.kpi->label,
                       number_text(judged.verdict.value.value_or(0)), judged.commitment.week.str());
}

/// "The second agreement kept in a row."
std::string milestone(const Streak& streak) {
    if (!streak.is_milestone()) return "";
    return fmt::format(" The {} agreement kept in a row.", streak.kept == 2   ? "second"
                                                           : streak.kept == 4 ? "fourth"
                                                                              : "eighth");
}

/// Calls `tell(judged, owner)` for what is over, and neither past its time nor followed by another
/// verdict.
template <typename Tell>
void each_recent(const Scene& scene, int told_for, Tell tell) {
    for (const auto& judged : judgement_of(scene).commitments) {
        if (!judged.is_agreed() || !judged.rep || !judged.kpi || !judged.is_over ||
            judged.has_next || judged.is_disputed)
            continue;
        const auto owner = owner_of(scene, judged.rep->id);
        if (owner.age(judged.commitment.week.end() - days{1}) <= told_for) tell(judged, owner);
    }
}

}  // namespace

void commit_kept(const Scene& scene, Findings& findings, std::vector<Held>& /*held*/) {
    each_recent(
        scene, scene.options.commit_kept.told_for, [&](const auto& judged, const auto& owner) {
            const auto status = judged.verdict.status;
            // What is there is there: to be kept needs no proof of silence, and no waiting for it.
            if (!is_kept(status) && (is_judged(status) || !is_reached(judged.verdict))) return;
            auto finding = finding_about("commit.kept", judged, owner, judged.commitment.week);
            finding.severity = Severity::info;
            finding.is_praise = true;
            finding.summary = fmt::format("Kept. {} (agreed {}).{}", came_to(judged),
                                          agreed_text(judged), milestone(judged.streak));
            finding.question = "What made the difference?";
            if (judged.next && judged.next->kind != Proposal::Kind::reached)
                finding.question +=
                    fmt::format(" Next rung, if both agree: {}.", number_text(judged.next->to));
            add_evidence(finding, judged, owner);
            findings.push_back(std::move(finding));
        });
}

void commit_partly(const Scene& scene, Findings& findings, std::vector<Held>& /*held*/) {
    each_recent(
        scene, scene.options.commit_partly.told_for, [&](const auto& judged, const auto& owner) {
            const auto status = judged.verdict.status;
            if ((status != VerdictStatus::partly && status != VerdictStatus::some) ||
                judged.was_better)
                return;
            auto finding = finding_about("commit.partly", judged, owner, judged.commitment.week);
            finding.severity = Severity::info;
            finding.summary = fmt::format("{}, part of the way (agreed {}).", came_to(judged),
                                          agreed_text(judged));
            finding.question = open_question;
            add_evidence(finding, judged, owner);
            findings.push_back(std::move(finding));
        });
}

void commit_missed(const Scene& scene, Findings& findings, std::vector<Held>& /*held*/) {
    each_recent(
        scene, scene.options.commit_missed.told_for, [&](const auto& judged, const auto& owner) {
            if (judged.verdict.status != VerdictStatus::missed || judged.was_better) return;
            if (judged.streak.missed > 1 && scene.options.commit_missed_twice.enabled) return;
            auto finding = finding_about("commit.missed", judged, owner, judged.commitment.week);
            finding.summary = fmt::format("{} (agreed {}).", came_to(judged), agreed_text(judged));
            finding.question = open_question;
            add_evidence(finding, judged, owner);
            findings.push_back(std::move(finding));
        });
}

void commit_missed_twice(const Scene& scene, Findings& findings, std::vector<Held>& /*held*/) {
    each_recent(scene, scene.options.commit_missed_twice.told_for,
                [&](const auto& judged, const auto& owner) {
                    if (judged.verdict.status != VerdictStatus::missed || judged.was_better) return;
                    if (judged.streak.missed < 2) return;
                    auto finding =
                        finding_about("commit.missed_twice", judged, owner, judged.commitment.week);
                    finding.summary = fmt::format(
                        "{} (agreed {}). It is the {} agreement in a row that did not come about.",
                        came_to(judged), agreed_text(judged),
                        judged.streak.missed == 2 ? "second" : "third or later");
                    finding.question =
                        "What would have to change: the KPI itself, or the time set aside for it?";
                    if (judged.next && judged.next->kind == Proposal::Kind::half)
                        finding.question +=
                            fmt::format(" Half a step would be {}; what would make that "
                                        "realistic?",
                                        number_text(judged.next->to));
                    add_evidence(finding, judged, owner);
                    findings.push_back(std::move(finding));
                });
}

void commit_moved(const Scene& scene, Findings& findings, std::vector<Held>& /*held*/) {
    for (const auto& judged : judgement_of(scene).commitments) {
        if (!judged.is_agreed() || !judged.moved_from || !judged.rep || !judged.kpi) continue;
        if (judged.is_over) continue;
        const auto owner = owner_of(scene, judged.rep->id);
        auto finding = finding_about("commit.moved", judged, owner, *judged.moved_from);
        finding.severity = Severity::info;
        finding.summary =
            fmt::format("{}: what was agreed for {} ({}) is now for {}; {}.", judged.kpi->label,
                        judged.moved_from->str(), number_text(judged.commitment.promised),
                        judged.commitment.week.str(), judged.commitment.reason);
        finding.question = "What suits that week?";
        finding.evidence.push_back({"why it counts", judged.kpi->why, ""});
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
