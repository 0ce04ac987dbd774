// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/escalations.hpp"

#include "daemon/checks/book.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
namespace {

using warehouse::Escalation;

/// Whose days count: the team's, that of the manager who handles it.
struct Desk {
    Zone zone = Zone::utc();
    WorkCalendar calendar;
};

Desk desk_of(const Scene& scene, const Escalation& escalation) {
    const auto& teams = scene.people.teams;
    const auto found = std::find_if(teams.begin(), teams.end(), [&](const warehouse::Team& team) {
        return team.name == escalation.team;
    });
    return found == teams.end() ? Desk{} : Desk{found->zone, found->calendar};
}

/// Whether `count` working days have gone by, to the time of day: from Monday at 15:00 one has on
/// Tuesday at 15:00.
bool has_passed(const Desk& desk, Instant since, Instant as_of, int count) {
    const auto from = desk.zone.local_time(since);
    const auto now = desk.zone.local_time(as_of);
    const auto first = std::chrono::floor<std::chrono::days>(from);
    const auto today = std::chrono::floor<std::chrono::days>(now);
    const int age = desk.calendar.working_age(first, today);
    if (age != count) return age > count;
    return !desk.calendar.works(today) || now - today >= from - first;
}

Finding finding_about(std::string_view check, const Escalation& escalation) {
    Finding finding;
    finding.check = check;
    finding.subject = {"escalation", "",
                       fmt::format("{}", static_cast<std::int64_t>(escalation.id)),
                       escalation.customer, ""};
    finding.team = escalation.team;
    return finding;
}

std::string day_there(const Desk& desk, Instant moment) {
    return format_date(desk.zone.local_day(moment));
}

}  // namespace

void esc_open(const Scene& scene, Findings& findings, std::vector<Held>&) {
    const int after = scene.options.esc_open.after;
    for (const auto& escalation : warehouse::read_escalations(scene.reader, scene.as_of)) {
        const auto desk = desk_of(scene, escalation);
        if (escalation.closed_at || !has_passed(desk, escalation.updated_at, scene.as_of, after))
            continue;
        const int age = desk.calendar.working_age(desk.zone.local_day(escalation.updated_at),
                                                  desk.zone.local_day(scene.as_of));
        auto finding = finding_about("esc.open", escalation);
        finding.severity = Severity::high;
        finding.owner = escalation.rep;
        // After each update it is another reminder, which is told again.
        finding.aspect = format_instant(escalation.updated_at);
        finding.since = escalation.updated_at;
        finding.summary = fmt::format("{} is open, and its last word is {} old.",
                                      escalation.customer, days_text(std::max(1, age)));
        finding.question = "What does the customer know today, and what comes next by when?";
        finding.evidence = {{"opened", day_there(desk, escalation.opened_at), ""},
                            {"last update", day_there(desk, escalation.updated_at), ""},
                            {"next step", escalation.next_step, ""},
                            {"handled by", escalation.manager_name, ""}};
        findings.push_back(std::move(finding));
    }
}

void esc_no_review(const Scene& scene, Findings& findings, std::vector<Held>&) {
    const int after = scene.options.esc_no_review.after;
    for (const auto& escalation : warehouse::read_escalations(scene.reader, scene.as_of)) {
        if (!escalation.closed_at || escalation.reviewed_at) continue;
        const auto desk = desk_of(scene, escalation);
        const auto closed = desk.zone.local_day(*escalation.closed_at);
        const int age = desk.calendar.working_age(closed, desk.zone.local_day(scene.as_of));
        if (age <= after) continue;
        auto finding = finding_about("esc.no_review", escalation);
        finding.owner = escalation.manager;
        finding.since = *escalation.closed_at;
        finding.summary = fmt::format("{} was closed {} ago, and what was learnt is not noted yet.",
                                      escalation.customer, days_text(age));
        finding.question = "What would keep the next one from coming this far?";
        finding.evidence = {{"closed", format_date(closed), ""},
                            {"handled by", escalation.manager_name, ""}};
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
