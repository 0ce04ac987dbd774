// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/parts.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace nudged::alerts {
namespace {

using model::Message;
using warehouse::StoredFinding;

constexpr std::size_t max_praise = 5;
constexpr std::size_t max_settled = 5;

/// "07:55", or with its day when that is another one.
std::string clock_text(const Texts& texts, const Zone& zone, Instant moment,
                       std::chrono::local_days today) {
    const auto day = zone.local_day(moment);
    const auto clock = texts.clock(
        std::chrono::duration_cast<std::chrono::minutes>(zone.local_time(moment) - LocalTime{day}));
    return day == today ? clock : texts.date(day) + " " + clock;
}

}  // namespace

std::string freshness(const DigestScene& scene, const Texts& texts) {
    std::string list;
    for (const auto& [source, streams] : scene.streams) {
        auto complete = streams.empty() ? std::nullopt : streams.front().complete_at;
        for (const auto& stream : streams) complete = std::min(complete, stream.complete_at);
        if (!list.empty()) list += ", ";
        list += complete
                    ? texts.fill("message.fresh", {{"source", source},
                                                   {"time", clock_text(texts, scene.team.zone,
                                                                       *complete, scene.due.day)}})
                    : texts.fill("message.not_fresh", {{"source", source}});
    }
    return list.empty() ? texts.fill("message.no_data")
                        : texts.fill("message.data", {{"list", list}});
}

std::string dated(const DigestScene& scene, const Texts& texts, bool with_days) {
    std::string days;
    if (with_days) {
        const auto week = IsoWeek::of(scene.due.day);
        days = texts.number(scene.team.calendar.working_days(week.monday(), week.end()));
    }
    return texts.fill("message.day", {{"date", texts.long_date(scene.due.day)}, {"days", days}}) +
           "\n" + freshness(scene, texts);
}

Message::Item praise_item(const StoredFinding& stored) {
    Message::Item item;
    item.mark = "★";
    item.title = stored.finding.subject.name;
    item.url = stored.finding.subject.url;
    item.text = stored.finding.summary + " " + stored.finding.question;
    return item;
}

Message::Section praise_section(const std::vector<StoredFinding>& news, const Texts& texts) {
    Message::Section section;
    section.heading = texts.fill("praise.heading");
    for (const auto& stored : news) {
        if (section.items.size() == max_praise) break;
        section.items.push_back(praise_item(stored));
    }
    if (news.size() > section.items.size())
        section.more =
            texts.fill("message.and_more", {{"n", texts.number(news.size() - section.items.size())},
                                            {"command", "nudged evaluate"}});
    return section;
}

Message::Section shared_section(const Pile& pile, const Texts& texts) {
    Message::Section section;
    section.heading = texts.fill("shared.heading");
    section.text = texts.fill("shared.text", {{"new", texts.number(pile.news.size())},
                                              {"earlier", texts.number(pile.earlier)}});
    return section;
}

Message::Section settled_section(const std::vector<StoredFinding>& settled, const Texts& texts) {
    Message::Section section;
    section.heading = texts.fill("settled.heading");
    std::vector<std::string> names;
    for (const auto& stored : settled) {
        if (names.size() == max_settled) break;
        const auto& subject = stored.finding.subject;
        names.push_back(shorten(subject.name.empty() ? subject.id : subject.name, 60));
    }
    const auto left = settled.size() - names.size();
    section.text = texts.fill("settled.text", {{"n", texts.number(settled.size())},
                                               {"names", fmt::format("{}", fmt::join(names, ", "))},
                                               {"more", left > 0 ? texts.number(left) : ""}});
    return section;
}

std::string footer(const DigestScene& scene, const Pile& pile, const Texts& texts) {
    std::string text;
    std::map<std::string, std::set<std::string>> rules_by_reason;
    for (const auto& hold : scene.held) rules_by_reason[hold.reason].insert(hold.check);
    for (const auto& [reason, rules] : rules_by_reason)
        text += texts.fill("footer.held", {{"reason", reason},
                                           {"rules", fmt::format("{}", fmt::join(rules, ", "))}}) +
                "\n";
    if (pile.earlier > 0)
        text += texts.fill("footer.earlier", {{"n", texts.number(pile.earlier)}}) + "\n";
    if (pile.acknowledged + pile.silent > 0)
        text += texts.fill("footer.answered", {{"acknowledged", texts.number(pile.acknowledged)},
                                               {"silent", texts.number(pile.silent)}}) +
                "\n";
    return text + texts.fill("footer.how") + "\n" + texts.fill("footer.answer");
}

}  // namespace nudged::alerts
