// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/conversation.hpp"

#include "connectors/base/text.hpp"
#include "daemon/alerts/best_practice.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>

namespace nudged::alerts {
namespace {

using model::Message;
using warehouse::PersonId;
using warehouse::Severity;
using warehouse::StoredFinding;

constexpr std::string_view grouped_check = "acct.no_next_step";
constexpr std::size_t max_facts = 4;   // two minutes for the whole digest
constexpr std::size_t max_listed = 5;  // accounts of one item

/// Findings that make one item: of one subject, or one rep's accounts.
struct Group {
    std::vector<const StoredFinding*> members;  // the most important first
    bool is_accounts = false;

    const warehouse::Finding& lead() const { return members.front()->finding; }
};

/// In the order of their leads.
std::vector<Group> group(const std::vector<StoredFinding>& news) {
    std::vector<Group> groups;
    std::map<ItemKey, std::size_t> index_of;
    for (const auto& stored : news) {
        const auto [known, is_new] = index_of.try_emplace(item_key(stored.finding), groups.size());
        if (is_new) groups.emplace_back();
        auto& group = groups[known->second];
        group.members.push_back(&stored);
        group.is_accounts = stored.finding.check == grouped_check;
    }
    return groups;
}

std::string mark_of(Severity severity) {
    switch (severity) {
    case Severity::high: return "●";
    case Severity::attention: return "◐";
    case Severity::info: return "○";
    }
    return {};
}

std::string short_id(const StoredFinding& stored) {
    return stored.fingerprint.substr(0, 10);
}

std::string name_of(const warehouse::People& people, PersonId owner) {
    const auto* rep = people.rep(owner);
    return rep ? rep->name : std::string{};
}

/// The words of an item: the check's own, unless an admin has written others.
void set_words(Message::Item& item, const warehouse::Finding& finding, const std::string& owner,
               const Texts& texts) {
    item.text = finding.summary;
    item.question = finding.question;
    const auto key = "check." + finding.check;
    if (!texts.has(key + ".text") && !texts.has(key + ".question")) return;
    Facts facts;
    for (const auto& fact : finding.evidence) facts.emplace_back(fact_name(fact.label), fact.value);
    facts.insert(facts.end(), {{"name", item.title},
                               {"owner", owner},
                               {"text", finding.summary},
                               {"question", finding.question}});
    if (auto own = texts.find(key + ".text", facts)) item.text = std::move(*own);
    if (auto own = texts.find(key + ".question", facts)) item.question = std::move(*own);
}

/// For programs; `lead_text` is what the item says of the first one.
std::vector<Message::Finding> findings_of(const Group& group, const std::string& lead_text) {
    std::vector<Message::Finding> findings;
    for (const auto* member : group.members) {
        const auto& finding = member->finding;
        const auto& subject = finding.subject;
        findings.push_back({.id = member->fingerprint,
                            .check = finding.check,
                            .title = subject.name.empty() ? subject.id : subject.name,
                            .text = findings.empty() ? lead_text : finding.summary,
                            .url = subject.url});
    }
    return findings;
}

/// What somebody else does about the same KPI and has told of, for a rep who is low in it.
void offer_practice(Message::Item& item, const DigestScene& scene,
                    const warehouse::Finding& finding, const Texts& texts) {
    constexpr std::string_view low = "/low_flat";
    if (finding.check != "kpi.attainment" || !finding.aspect.ends_with(low)) return;
    const auto kpi = std::string_view{finding.aspect}.substr(0, finding.aspect.size() - low.size());
    for (const auto& practice : scene.practices) {
        if (practice.kpi != kpi || practice.rep == finding.owner) continue;
        item.facts.push_back({texts.fill("item.practice"), practice_text(practice, texts), ""});
        return;
    }
}

Message::Item subject_item(const DigestScene& scene, const Group& group, const Texts& texts) {
    const auto& lead = group.lead();
    Message::Item item;
    item.mark = mark_of(lead.severity);
    item.title = lead.subject.name.empty() ? lead.subject.id : lead.subject.name;
    item.url = lead.subject.url;
    const auto owner = name_of(scene.people, lead.owner);
    set_words(item, lead, owner, texts);
    if (!owner.empty() && owner != lead.subject.name)
        item.facts.push_back({texts.fill("item.owner"), owner, ""});
    for (const auto& fact : lead.evidence) {
        if (item.facts.size() == max_facts) break;
        if (!fact.value.empty() && fact.label != "owner")
            item.facts.push_back({fact.label, fact.value, fact.url});
    }
    offer_practice(item, scene, lead, texts);
    for (std::size_t i = 1; i < group.members.size(); ++i)
        item.facts.push_back(
            {texts.fill("item.also"), shorten(group.members[i]->finding.summary, 80), ""});
    if (const auto told = group.members.front()->episode.notified_at)
        item.facts.push_back(
            {texts.fill("item.told_before"), texts.date(scene.team.zone.local_day(*told)), ""});
    item.facts.push_back({texts.fill("item.id"), short_id(*group.members.front()), ""});
    item.findings = findings_of(group, item.text);
    return item;
}

Message::Item accounts_item(const DigestScene& scene, const Group& group, const Texts& texts) {
    const auto& lead = group.lead();
    const auto count = group.members.size();
    Message::Item item;
    item.mark = mark_of(lead.severity);
    item.title = name_of(scene.people, lead.owner);
    item.text = texts.fill("item.accounts", {{"n", texts.number(count)}});
    item.question = lead.question;
    for (const auto* member : group.members) {
        if (item.facts.size() == max_listed) break;
        item.facts.push_back({"", member->finding.subject.name, member->finding.subject.url});
    }
    if (count > max_listed)
        item.facts.push_back(
            {"", texts.fill("item.and_more", {{"n", texts.number(count - max_listed)}}), ""});
    item.facts.push_back({texts.fill("item.id"), short_id(*group.members.front()), ""});
    item.findings = findings_of(group, lead.summary);
    return item;
}

std::string listing_command(const warehouse::People& people, const std::set<PersonId>& owners) {
    const auto* rep = owners.size() == 1 ? people.rep(*owners.begin()) : nullptr;
    return rep && !rep->email.empty() ? "nudged evaluate --owner " + rep->email : "nudged evaluate";
}

}  // namespace

ItemKey item_key(const warehouse::Finding& finding) {
    if (finding.check == grouped_check)
        return {"accounts of", "", std::to_string(static_cast<std::int64_t>(finding.owner))};
    return {finding.subject.type, finding.subject.source, finding.subject.id};
}

std::string series_of(const std::vector<StoredFinding>& told) {
    if (told.empty()) return {};
    const auto& first = told.front();
    for (const auto& stored : told)
        if (item_key(stored.finding) != item_key(first.finding)) return {};
    return fmt::format("episode/{}/{}", first.fingerprint, first.episode.number);
}

Message::Section conversation_section(const DigestScene& scene,
                                      const std::vector<StoredFinding>& news,
                                      const DigestOptions& options, const Texts& texts) {
    Message::Section section;
    section.heading = texts.fill("conversation.heading");
    std::map<PersonId, int> items_of;
    std::size_t left_out = 0;
    std::set<PersonId> left_out_of;
    for (const auto& group : group(news)) {
        const auto owner = group.lead().owner;
        const bool is_full = static_cast<int>(section.items.size()) >= options.max_items;
        const bool rep_is_full =
            owner != PersonId::nobody && items_of[owner] >= options.max_per_rep;
        if (is_full || rep_is_full) {
            left_out += group.members.size();
            left_out_of.insert(owner);
            continue;
        }
        ++items_of[owner];
        const bool is_list = group.is_accounts && group.members.size() > 1;
        section.items.push_back(is_list ? accounts_item(scene, group, texts)
                                        : subject_item(scene, group, texts));
    }
    if (section.items.empty()) section.text = texts.fill("conversation.nothing");
    if (left_out > 0)
        section.more = texts.fill("message.and_more",
                                  {{"n", texts.number(left_out)},
                                   {"command", listing_command(scene.people, left_out_of)}});
    return section;
}

}  // namespace nudged::alerts
