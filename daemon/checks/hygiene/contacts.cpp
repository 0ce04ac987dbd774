// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/hygiene/contacts.hpp"
#include "connectors/base/text.hpp"
#include "daemon/checks/baselines.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/touch_book.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace nudged::checks {
namespace {

using warehouse::OpenOpportunity;
using warehouse::RecordKey;

std::string plain_role(std::string_view role) {
    auto text = to_lower_ascii(trim(role));
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '_' || c == '-'; }, ' ');
    return text;
}

/// The sources of which no record of an open deal names a contact: there is nothing to count.
std::set<std::string> sources_without_contacts(const Scene& scene) {
    auto& baselines = baselines_of(scene);
    for (const auto& deal : book_of(scene).opportunities) {
        const auto touches = recent_touches(scene, deal);
        baselines.names_contact[deal.key] =
            !contact_roles(scene, deal).empty() ||
            std::any_of(touches.begin(), touches.end(),
                        [](const auto& one) { return !one.touch->contact.empty(); });
    }
    std::set<std::string> without, with;
    for (const auto& [deal, names_one] : baselines.names_contact)
        (names_one ? with : without).insert(deal.source);
    for (const auto& source : with) without.erase(source);
    return baselines.without_contacts = without;
}

std::string list_names(const Scene& scene, const std::string& source,
                       const std::set<std::string>& contacts) {
    std::vector<RecordKey> keys;
    for (const auto& contact : contacts) keys.push_back({source, contact});
    const auto names = warehouse::read_contact_names(scene.reader, keys);
    std::string text;
    for (const auto& key : keys) {
        const auto name = names.find(key);
        text += (text.empty() ? "" : ", ") + (name == names.end() ? key.id : name->second);
    }
    return text.empty() ? "none known" : text;
}

std::size_t count_unnamed(const std::vector<DealTouch>& touches) {
    return static_cast<std::size_t>(
        std::count_if(touches.begin(), touches.end(),
                      [](const auto& one) { return one.touch->contact.empty(); }));
}

bool is_large_enough(const SingleThread& rule, const OpenOpportunity& deal) {
    if (rule.minimum_amount <= 0) return true;
    return deal.amount && deal.amount->to_double() >= rule.minimum_amount;
}

/// Everybody of the customer's side who has a part in the deal, or was in touch.
std::set<std::string> known_contacts(const Scene& scene, const OpenOpportunity& deal,
                                     const std::vector<DealTouch>& touches) {
    std::set<std::string> contacts;
    for (const auto& role : contact_roles(scene, deal)) contacts.insert(role.contact);
    for (const auto& one : touches)
        if (!one.touch->contact.empty()) contacts.insert(one.touch->contact);
    return contacts;
}

}  // namespace

bool is_one_of(const std::vector<std::string>& roles, std::string_view role) {
    return std::any_of(roles.begin(), roles.end(),
                       [&](const std::string& one) { return plain_role(one) == plain_role(role); });
}

void opp_single_thread(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.single_thread", contact_feed(), held);
    const auto without = sources_without_contacts(scene);
    for (const auto& deal : book_of(scene).opportunities) {
        const auto& source = deal.key.source;
        const Owner owner = owner_of(scene, deal.owner);
        const auto& rule = options_for(scene, deal, owner).opp_single_thread;
        if (deal.stage_rank < rule.from_stage || !is_large_enough(rule, deal)) {
            quiet(scene, "opp.single_thread", deal,
                  "it is in open stage {} of its pipeline and asked from stage {} and an amount of "
                  "{} on",
                  deal.stage_rank, rule.from_stage, number_text(rule.minimum_amount));
            continue;
        }
        if (!proof.holds(deal)) continue;
        if (without.contains(source)) {
            proof.hold(deal, fmt::format("{} names no contact in any call, meeting or e-mail of "
                                         "the open deals, and gives none a part",
                                         source));
            continue;
        }
        if (is_newly_owned(scene, deal, owner, "opp.single_thread")) continue;
        const auto touches =
            touches_since(scene, deal, owner, owner.today - std::chrono::days{rule.days});
        const auto contacts = known_contacts(scene, deal, touches);
        if (contacts.size() >= static_cast<std::size_t>(std::max(0, rule.contacts))) {
            quiet(scene, "opp.single_thread", deal, "{} contacts are known of the {} it takes",
                  contacts.size(), rule.contacts);
            continue;
        }

        Finding finding = finding_about("opp.single_thread", deal, owner);
        finding.severity = is_late_stage(deal) ? Severity::attention : Severity::info;
        finding.since = scene.as_of;
        finding.summary =
            fmt::format("Known at the customer: {} with a part in this deal or in "
                        "touch within {} days; the least is {}.",
                        count_text(contacts.size(), "contact"), rule.days, rule.contacts);
        finding.question =
            "Who else at the customer has a say in this, and how could we meet them?";
        finding.evidence.push_back({"contacts", list_names(scene, source, contacts), deal.url});
        if (const auto unnamed = count_unnamed(touches))
            finding.evidence.push_back(
                {"touches that name nobody", fmt::format("{}", unnamed), ""});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

void opp_no_power(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.no_power", power_feed(), held);
    for (const auto& deal : book_of(scene).opportunities) {
        if (!is_late_stage(deal)) {
            quiet(scene, "opp.no_power", deal, "it is in stage {} of {}, which is not late",
                  deal.stage_rank, deal.stage_count);
            continue;
        }
        if (!proof.holds(deal)) continue;
        const Owner owner = owner_of(scene, deal.owner);
        const auto& rule = options_for(scene, deal, owner).opp_no_power;
        if (is_newly_owned(scene, deal, owner, "opp.no_power")) continue;
        std::set<std::string> deciders;
        for (const auto& role : contact_roles(scene, deal))
            if (is_one_of(rule.roles, role.role)) deciders.insert(role.contact);
        const auto touches =
            touches_since(scene, deal, owner, owner.today - std::chrono::days{rule.days});
        // A touch that names nobody may have been theirs.
        const bool met = std::any_of(touches.begin(), touches.end(), [&](const auto& one) {
            return one.touch->contact.empty() || deciders.contains(one.touch->contact);
        });
        if (!deciders.empty() && met) {
            quiet(scene, "opp.no_power", deal,
                  "{} of it decide, and one was in touch within {} days, or a touch names nobody",
                  count_text(deciders.size(), "contact"), rule.days);
            continue;
        }

        Finding finding = finding_about("opp.no_power", deal, owner);
        finding.severity = Severity::info;
        finding.since = scene.as_of;
        finding.summary =
            deciders.empty()
                ? fmt::format("0 contacts of this deal have a part in the decision; it is in stage "
                              "{} of {}.",
                              deal.stage_rank, deal.stage_count)
                : fmt::format("0 touches within {} days with whoever decides; the deal is in stage "
                              "{} of {}.",
                              rule.days, deal.stage_rank, deal.stage_count);
        finding.question = "Who signs this at the customer, and what have we heard from them?";
        finding.evidence.push_back(
            {"who decides", list_names(scene, deal.key.source, deciders), deal.url});
        finding.evidence.push_back({"roles", roles_text(scene, deal), ""});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

std::string roles_text(const Scene& scene, const OpenOpportunity& deal) {
    const auto& roles = contact_roles(scene, deal);
    std::vector<RecordKey> keys;
    for (const auto& role : roles) keys.push_back({deal.key.source, role.contact});
    const auto names = warehouse::read_contact_names(scene.reader, keys);
    std::string text;
    for (std::size_t i = 0; i < roles.size(); ++i) {
        const auto name = names.find(keys[i]);
        text += fmt::format("{}{} ({})", text.empty() ? "" : ", ",
                            name == names.end() ? keys[i].id : name->second,
                            roles[i].role.empty() ? "no role" : roles[i].role);
    }
    return text.empty() ? "none" : text;
}

}  // namespace nudged::checks
