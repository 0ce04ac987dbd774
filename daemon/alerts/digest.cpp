// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/digest.hpp"

#include "daemon/alerts/conversation.hpp"
#include "daemon/alerts/team_table.hpp"
#include "daemon/warehouse/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace nudged::alerts {
namespace {

using model::Message;
using warehouse::StoredFinding;

constexpr std::size_t max_praise = 5;

/// "Monday 23 November 2026"
std::string long_date(std::chrono::local_days day) {
    constexpr std::array<const char*, 7> weekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                  "Thursday", "Friday", "Saturday"};
    constexpr std::array<const char*, 12> months{"January",   "February", "March",    "April",
                                                 "May",       "June",     "July",     "August",
                                                 "September", "October",  "November", "December"};
    const std::chrono::year_month_day date{day};
    return fmt::format("{} {} {} {}", weekdays[std::chrono::weekday{day}.c_encoding()],
                       unsigned{date.day()}, months[unsigned{date.month()} - 1], int{date.year()});
}

/// "07:55", or with its day when that is another one.
std::string clock_text(const Zone& zone, Instant moment, std::chrono::local_days today) {
    const auto local = zone.local_time(moment);
    const auto day = zone.local_day(moment);
    const auto time = std::chrono::duration_cast<std::chrono::minutes>(local - LocalTime{day});
    const auto text = fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60);
    return day == today ? text : format_date(day) + " " + text;
}

/// How old the data is, source by source: each is as fresh as its stream that is furthest behind.
std::string freshness(const DigestScene& scene) {
    std::string text;
    for (const auto& [source, streams] : scene.streams) {
        auto complete = streams.empty() ? std::nullopt : streams.front().complete_at;
        for (const auto& stream : streams) complete = std::min(complete, stream.complete_at);
        text += text.empty() ? "Data: " : ", ";
        text += complete ? fmt::format("{} as of {}", source,
                                       clock_text(scene.team.zone, *complete, scene.due.day))
                         : source + " not complete yet";
    }
    return text.empty() ? "Data: no source has been read yet" : text;
}

std::string subtitle(const DigestScene& scene) {
    auto text = long_date(scene.due.day);
    if (scene.due.is_weekly) {
        const auto week = IsoWeek::of(scene.due.day);
        const auto worked = scene.team.calendar.working_days(week.monday(), week.end());
        text += fmt::format(" · {} working days this week", worked);
    }
    return text + "\n" + freshness(scene);
}

Message::Section praise_section(const std::vector<StoredFinding>& news) {
    Message::Section section;
    section.heading = "Worth praising";
    for (const auto& stored : news) {
        if (section.items.size() == max_praise) break;
        Message::Item item;
        item.mark = "★";
        item.title = stored.finding.subject.name;
        item.url = stored.finding.subject.url;
        item.text = stored.finding.summary + " " + stored.finding.question;
        section.items.push_back(std::move(item));
    }
    if (news.size() > section.items.size())
        section.more = fmt::format("and {} more; to list them: nudged evaluate",
                                   news.size() - section.items.size());
    return section;
}

/// What is told to a place that others read: counts, and nobody's name.
Message::Section shared_section(const std::vector<StoredFinding>& news, std::size_t earlier) {
    Message::Section section;
    section.heading = "This team";
    section.text =
        fmt::format("{} new, {} still open from before. Others can read this channel, so names "
                    "and records are left out; the manager sees them with nudged digest.",
                    news.size(), earlier);
    return section;
}

std::string footer(const DigestScene& scene, std::size_t earlier) {
    std::string text;
    std::map<std::string, std::set<std::string>> rules_by_reason;
    for (const auto& hold : scene.held) rules_by_reason[hold.reason].insert(hold.check);
    for (const auto& [reason, rules] : rules_by_reason)
        text +=
            fmt::format("On hold: {}. Not judged meanwhile: {}.\n", reason, fmt::join(rules, ", "));
    if (earlier > 0)
        text +=
            fmt::format("{} earlier {} still open; to list {}: nudged evaluate\n", earlier,
                        earlier == 1 ? "finding is" : "findings are", earlier == 1 ? "it" : "them");
    return text + "How do we know? The rule and the rows behind an item: nudged explain ID";
}

}  // namespace

Digest compose_digest(const DigestScene& scene, const DigestOptions& options) {
    std::vector<StoredFinding> praise, news;
    std::size_t earlier = 0;
    for (const auto& stored : scene.findings) {
        if (stored.finding.team != scene.team.name) continue;
        if (stored.is_news())
            (stored.finding.is_praise ? praise : news).push_back(stored);
        else if (!stored.finding.is_praise)
            ++earlier;
    }
    Digest digest;
    auto& message = digest.message;
    message.kind = Message::Kind::digest;
    message.title = scene.due.is_weekly ? fmt::format("{} · week {}", scene.team.name,
                                                      IsoWeek::of(scene.due.day).str())
                                        : fmt::format("{} · what is new", scene.team.name);
    message.subtitle = subtitle(scene);
    if (scene.shared) {
        message.sections.push_back(shared_section(news, earlier));
    } else {
        if (!praise.empty()) message.sections.push_back(praise_section(praise));
        message.sections.push_back(team_table(scene.scorecard, scene.team.name));
        message.sections.push_back(conversation_section(scene.people, news, options));
    }
    message.footer = footer(scene, earlier);
    message.reference = scene.due.key.substr(0, 8);
    for (const auto* told : {&praise, &news})
        for (const auto& stored : *told)
            if (stored.episode.id != warehouse::FindingId{0})
                digest.told.push_back(stored.episode.id);
    digest.has_news = !praise.empty() || !news.empty();
    return digest;
}

Enqueued enqueue_digest(warehouse::Database& database, const Digest& digest, const DigestDue& due,
                        const warehouse::Team& team, Instant now, const AlertOptions& options) {
    warehouse::NewMessage message;
    message.key = due.key;
    message.channel = team.channel;
    message.recipient = team.manager_email;
    message.reason = "digest";
    message.message = model::to_json(digest.message);
    message.due_at = now;
    message.expires_at = now + options.expires_after;
    if (!digest.has_news && !due.is_weekly)
        return warehouse::insert_superseded(database, message, "nothing new to tell", now)
                   ? Enqueued::nothing_new
                   : Enqueued::already_decided;
    if (!warehouse::insert_message(database, message, now)) return Enqueued::already_decided;
    warehouse::mark_notified(database, digest.told, now);
    return Enqueued::queued;
}

}  // namespace nudged::alerts
