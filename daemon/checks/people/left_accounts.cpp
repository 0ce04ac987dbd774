// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/departed.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

namespace nudged::checks {
namespace {

constexpr std::size_t most_shown = 5;

}  // namespace

void rep_left_accounts(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    const auto departed = departed_of(scene);
    if (departed.empty()) return;
    Proof proof(scene, "rep.left_accounts", account_feed(), held);
    std::map<warehouse::PersonId, std::vector<const warehouse::OwnedAccount*>> left;
    for (const auto& account : book_of(scene).accounts)
        if (departed.contains(account.owner) && proof.holds(account))
            left[account.owner].push_back(&account);
    for (const auto& [person, day] : departed) {
        const Owner owner = owner_of(scene, person);
        const int grace = options_for(scene, owner).rep_left_accounts.grace;
        const auto theirs = left.find(person);
        if (theirs == left.end() || owner.age(day) <= grace) {
            quiet(scene, "rep.left_accounts", person,
                  "they left on {}, {} working days of {} ago, and own {} accounts",
                  format_date(day), owner.age(day), grace,
                  theirs == left.end() ? 0 : theirs->second.size());
            continue;
        }
        const auto& accounts = theirs->second;
        Finding finding;
        finding.check = "rep.left_accounts";
        finding.subject = {"person", "", fmt::format("{}", fmt::underlying(person)),
                           owner.rep->name, ""};
        finding.team = owner.team;
        finding.since = owner.zone.instant(LocalTime{day});
        finding.summary = fmt::format("{} still the work of {}, who left on {}.",
                                      count_text(accounts.size(), "account") +
                                          (accounts.size() == 1 ? " is" : " are"),
                                      owner.rep->name, format_date(day));
        finding.question = "Who takes these over, and who tells the customers?";
        for (std::size_t i = 0; i < std::min(accounts.size(), most_shown); ++i)
            finding.evidence.push_back(
                {"account", accounts[i]->name.empty() ? accounts[i]->key.id : accounts[i]->name,
                 accounts[i]->url});
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
