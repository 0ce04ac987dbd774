// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/backlog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace nudged::alerts {
namespace {

using warehouse::StoredFinding;

constexpr std::size_t max_lines = 8;

struct Count {
    std::string check;
    std::size_t findings = 0;
    std::set<warehouse::PersonId> reps;
};

/// By check, the most frequent first.
std::vector<Count> count(const std::vector<const StoredFinding*>& news) {
    std::map<std::string, Count> by_check;
    for (const auto* stored : news) {
        auto& one = by_check[stored->finding.check];
        one.check = stored->finding.check;
        ++one.findings;
        one.reps.insert(stored->finding.owner);
    }
    std::vector<Count> counts;
    for (auto& [check, one] : by_check) counts.push_back(std::move(one));
    std::stable_sort(counts.begin(), counts.end(), [](const Count& one, const Count& other) {
        return one.findings > other.findings;
    });
    return counts;
}

model::Message::Section section_of(const std::vector<const StoredFinding*>& news,
                                   const Texts& texts) {
    model::Message::Section section;
    section.heading = texts.fill("backlog.heading");
    section.text = texts.fill("backlog.text", {{"n", texts.number(news.size())}});
    section.columns = {texts.fill("backlog.check"), texts.fill("backlog.findings"),
                       texts.fill("backlog.reps")};
    const auto counts = count(news);
    for (const auto& one : counts) {
        if (section.rows.size() == max_lines) break;
        section.rows.push_back(
            {one.check, texts.number(one.findings), texts.number(one.reps.size())});
    }
    if (counts.size() > max_lines)
        section.more = texts.fill("backlog.more", {{"n", texts.number(counts.size() - max_lines)}});
    return section;
}

}  // namespace

void sum_up_backlog(Digest& digest, const std::vector<StoredFinding>& findings, int max_items,
                    const Texts& texts) {
    std::set<warehouse::FindingId> told;
    for (const auto& one : digest.told)
        if (one.why != warehouse::FindingChange::settled) told.insert(one.id);
    std::vector<const StoredFinding*> news;
    for (const auto& stored : findings)
        if (!stored.finding.is_praise && told.contains(stored.episode.id)) news.push_back(&stored);
    auto& sections = digest.message.sections;
    if (news.size() <= static_cast<std::size_t>(max_items)) return;
    // Before what is worth a conversation, which shows the most important of it.
    const auto place = std::find_if(sections.begin(), sections.end(), [&](const auto& section) {
        return section.heading == texts.fill("conversation.heading");
    });
    sections.insert(place, section_of(news, texts));
}

void mark_as_shadow(model::Message& message, const std::string& team) {
    message.subtitle += fmt::format(
        "\nIn shadow: you alone get this. To let the manager hear: nudged go-live \"{}\"", team);
}

}  // namespace nudged::alerts
