// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/conversation.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <tuple>

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

using GroupKey = std::tuple<std::string, std::string, std::string>;

GroupKey group_key(const StoredFinding& stored) {
    const auto& finding = stored.finding;
    if (finding.check == grouped_check)
        return {"accounts of", "", std::to_string(static_cast<std::int64_t>(finding.owner))};
    return {finding.subject.type, finding.subject.source, finding.subject.id};
}

/// In the order of their leads.
std::vector<Group> group(const std::vector<StoredFinding>& news) {
    std::vector<Group> groups;
    std::map<GroupKey, std::size_t> index_of;
    for (const auto& stored : news) {
        const auto [known, is_new] = index_of.try_emplace(group_key(stored), groups.size());
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

Message::Item subject_item(const warehouse::People& people, const Group& group) {
    const auto& lead = group.lead();
    Message::Item item;
    item.mark = mark_of(lead.severity);
    item.title = lead.subject.name.empty() ? lead.subject.id : lead.subject.name;
    item.url = lead.subject.url;
    item.text = lead.summary;
    item.question = lead.question;
    const auto owner = name_of(people, lead.owner);
    if (!owner.empty() && owner != lead.subject.name) item.facts.push_back({"owner", owner, ""});
    for (const auto& fact : lead.evidence) {
        if (item.facts.size() == max_facts) break;
        if (!fact.value.empty() && fact.label != "owner")
            item.facts.push_back({fact.label, fact.value, fact.url});
    }
    for (std::size_t i = 1; i < group.members.size(); ++i)
        item.facts.push_back({"also", shorten(group.members[i]->finding.summary, 80), ""});
    if (const auto told = group.members.front()->episode.notified_at)
        item.facts.push_back({"told before", format_date(Zone::utc().local_day(*told)), ""});
    item.facts.push_back({"id", short_id(*group.members.front()), ""});
    return item;
}

Message::Item accounts_item(const warehouse::People& people, const Group& group) {
    const auto& lead = group.lead();
    const auto count = group.members.size();
    Message::Item item;
    item.mark = mark_of(lead.severity);
    item.title = name_of(people, lead.owner);
    item.text = fmt::format("{} accounts have no next step.", count);
    item.question = lead.question;
    for (const auto* member : group.members) {
        if (item.facts.size() == max_listed) break;
        item.facts.push_back({"", member->finding.subject.name, member->finding.subject.url});
    }
    if (count > max_listed)
        item.facts.push_back({"", fmt::format("and {} more", count - max_listed), ""});
    item.facts.push_back({"id", short_id(*group.members.front()), ""});
    return item;
}

std::string listing_command(const warehouse::People& people, const std::set<PersonId>& owners) {
    const auto* rep = owners.size() == 1 ? people.rep(*owners.begin()) : nullptr;
    return rep && !rep->email.empty() ? "nudged evaluate --owner " + rep->email : "nudged evaluate";
}

}  // namespace

Message::Section conversation_section(const warehouse::People& people,
                                      const std::vector<StoredFinding>& news,
                                      const DigestOptions& options) {
    Message::Section section;
    section.heading = "Worth a conversation";
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
        section.items.push_back(is_list ? accounts_item(people, group)
                                        : subject_item(people, group));
    }
    if (section.items.empty()) section.text = "Nothing new.";
    if (left_out > 0)
        section.more = fmt::format("and {} more; to list them: {}", left_out,
                                   listing_command(people, left_out_of));
    return section;
}

}  // namespace nudged::alerts
