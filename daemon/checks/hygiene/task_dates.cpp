// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/task_moves.hpp"

#include <fmt/format.h>

namespace nudged::checks {
namespace {

using warehouse::OpenActivity;

Finding about_task(const Scene& scene, std::string_view check, const OpenActivity& task,
                   const Owner& owner) {
    Finding finding;
    finding.check = check;
    finding.severity = Severity::info;
    finding.subject = {"task", task.key.source, task.key.id,
                       task.subject.empty() ? task.key.id : task.subject, task.url};
    finding.owner = owner.id;
    finding.team = owner.team;
    const auto& book = book_of(scene);
    const auto deal = book.opportunity_of.find({task.key.source, task.opportunity_id});
    if (deal != book.opportunity_of.end()) finding.amount = book.opportunities[deal->second].amount;
    return finding;
}

/// What the task is about, by name where it is an open opportunity.
void add_object(const Scene& scene, Finding& finding, const OpenActivity& task) {
    const auto& book = book_of(scene);
    const auto deal = book.opportunity_of.find({task.key.source, task.opportunity_id});
    if (deal == book.opportunity_of.end()) return;
    const auto& found = book.opportunities[deal->second];
    finding.evidence.push_back({"opportunity", found.name, found.url});
}

/// A move to a later day where the owner lives.
struct Snooze {
    std::chrono::local_days from, to;
    Instant at;
};

std::map<warehouse::RecordKey, std::vector<warehouse::TaskMove>> read_moves(const Scene& scene) {
    std::map<warehouse::RecordKey, std::vector<warehouse::TaskMove>> moves;
    for (auto& move : warehouse::read_task_moves(scene.reader, scene.as_of))
        moves[move.task].push_back(std::move(move));
    return moves;
}

std::vector<Snooze> snoozes_of(const std::vector<warehouse::TaskMove>& moves, const Owner& owner) {
    std::vector<Snooze> snoozes;
    for (const auto& move : moves) {
        const auto from = move.from(owner.zone);
        const auto to = move.to(owner.zone);
        if (from && to && *to > *from) snoozes.push_back({*from, *to, move.at});
    }
    return snoozes;
}

}  // namespace

void task_no_due_date(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "task.no_due_date", task_feed(), held);
    for (const auto& task : book_of(scene).activities) {
        if (task.kind != OpenActivity::Kind::task || !task.created_at) continue;
        const Owner owner = owner_of(scene, task.owner);
        if (const auto due = task.due_day(owner.zone)) {
            quiet(scene, "task.no_due_date", task, "it is due on {}", format_date(*due));
            continue;
        }
        const auto& rule = options_for(scene, owner).task_no_due_date;
        const int age = owner.age(*task.created_at);
        if (age <= rule.grace) {
            quiet(scene, "task.no_due_date", task, "it is {} working days old; the grace is {}",
                  age, rule.grace);
            continue;
        }
        if (!proof.holds(task)) continue;
        Finding finding = about_task(scene, "task.no_due_date", task, owner);
        finding.since = *task.created_at;
        finding.summary = fmt::format("Open for {}, without a date.", days_text(age));
        finding.question = "When is this to be done?";
        finding.evidence.push_back({"created", day_text(owner, *task.created_at), task.url});
        add_object(scene, finding, task);
        findings.push_back(std::move(finding));
    }
}

void task_snoozed(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "task.snoozed", task_feed(), held);
    const auto moves = read_moves(scene);
    for (const auto& task : book_of(scene).activities) {
        if (task.kind != OpenActivity::Kind::task) continue;
        const auto found = moves.find(task.key);
        if (found == moves.end()) {
            quiet(scene, "task.snoozed", task, "no move of its date is known");
            continue;
        }
        const Owner owner = owner_of(scene, task.owner);
        const auto& rule = options_for(scene, owner).task_snoozed;
        const auto snoozes = snoozes_of(found->second, owner);
        const auto times = static_cast<std::size_t>(rule.times);
        if (snoozes.size() < times) {
            quiet(scene, "task.snoozed", task, "its date moved to a later day {}, of {}",
                  count_text(snoozes.size(), "time"), times);
            continue;
        }
        if (!proof.holds(task)) continue;
        Finding finding = about_task(scene, "task.snoozed", task, owner);
        finding.since = snoozes[times - 1].at;
        finding.summary =
            fmt::format("The due day has moved to a later one {}, the last time "
                        "from {} to {}.",
                        count_text(snoozes.size(), "time"), format_date(snoozes.back().from),
                        format_date(snoozes.back().to));
        finding.question = "What keeps this from being done, and what would be a date that holds?";
        for (const auto& snooze : snoozes)
            finding.evidence.push_back(
                {"moved",
                 fmt::format("{} → {} on {}", format_date(snooze.from), format_date(snooze.to),
                             day_text(owner, snooze.at)),
                 ""});
        add_object(scene, finding, task);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
