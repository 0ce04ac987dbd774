// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

namespace nudged::checks {
namespace {

/// What the task is about, by name where it is an open opportunity.
void add_object(const Scene& scene, Finding& finding, const warehouse::OpenActivity& task) {
    const auto& book = book_of(scene);
    const auto found = book.opportunity_of.find({task.key.source, task.opportunity_id});
    if (found == book.opportunity_of.end()) return;
    const auto& deal = book.opportunities[found->second];
    finding.evidence.push_back({"opportunity", deal.name, deal.url});
    finding.amount = deal.amount;
}

}  // namespace

void task_overdue(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "task.overdue", task_feed(), held);
    for (const auto& task : book_of(scene).activities) {
        if (task.kind != warehouse::OpenActivity::Kind::task) continue;
        const Owner owner = owner_of(scene, task.owner);
        const auto& rule = options_for(scene, owner).task_overdue;
        const auto due = task.due_day(owner.zone);
        if (!due) {
            quiet(scene, "task.overdue", task, "it has no due date");
            continue;
        }
        const int late = owner.age(*due);
        if (late <= rule.grace) {
            quiet(scene, "task.overdue", task,
                  "it is due on {}, which is {} working days back; it may be {}", format_date(*due),
                  late, rule.grace);
            continue;
        }
        if (!proof.holds(task)) continue;
        Finding finding;
        finding.check = "task.overdue";
        finding.severity = late >= rule.high_after ? Severity::high : Severity::info;
        finding.subject = {"task", task.key.source, task.key.id,
                           task.subject.empty() ? task.key.id : task.subject, task.url};
        finding.owner = owner.id;
        finding.team = owner.team;
        finding.since = owner.zone.instant(LocalTime{*due + std::chrono::days{1}});
        finding.summary =
            fmt::format("Due on {}, {} ago, and still open.", format_date(*due), days_text(late));
        finding.question = "What should become of it: do it, move it, or drop it?";
        finding.evidence.push_back({"due", format_date(*due), task.url});
        add_object(scene, finding, task);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
