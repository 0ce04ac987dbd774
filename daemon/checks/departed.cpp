// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/departed.hpp"

#include "daemon/checks/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nudged::checks {
namespace {

using warehouse::PersonId;

/// Of whom a finding is: its owner, else the person that is its subject.
PersonId person_of(const Finding& finding) {
    const auto& id = finding.subject.id;
    std::int64_t number = 0;
    if (finding.subject.type == "person") std::from_chars(id.data(), id.data() + id.size(), number);
    return number != 0 ? PersonId{number} : finding.owner;
}

/// Whoever has left, it is the team's: what they left behind, and a customer's trouble.
bool is_of_team(const Finding& finding) {
    return finding.check == "opp.owner_inactive" || finding.check == "rep.left_accounts" ||
           finding.check.starts_with("esc.");
}

}  // namespace

bool has_left(const warehouse::Rep& stay, Instant as_of) {
    return stay.until && *stay.until <= stay.zone.local_day(as_of);
}

std::optional<std::chrono::local_days> left_on(const Departed& departed, const Finding& finding) {
    if (is_of_team(finding)) return std::nullopt;
    const auto left = departed.find(person_of(finding));
    return left == departed.end() ? std::nullopt : std::optional{left->second};
}

Departed departed_of(const Scene& scene) {
    Departed departed;
    for (const auto& [person, index] : scene.people.rep_of) {
        const auto& last = scene.people.reps[index];
        if (has_left(last, scene.as_of)) departed.emplace(person, *last.until);
    }
    return departed;
}

void leave_out_departed(const Scene& scene, Evaluation& evaluation) {
    evaluation.departed = departed_of(scene);
    const auto& departed = evaluation.departed;
    if (departed.empty()) return;
    std::erase_if(evaluation.findings, [&](const Finding& finding) {
        const auto left = left_on(departed, finding);
        if (!left) return false;
        quiet(scene, finding.check, finding.subject, "whom it is about left the team on {}",
              format_date(*left));
        return true;
    });
    std::erase_if(evaluation.held_back,
                  [&](const HeldBack& one) { return departed.contains(one.owner); });
}

}  // namespace nudged::checks
