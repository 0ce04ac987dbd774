// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/digest.hpp"

#include "connectors/base/text.hpp"
#include "daemon/alerts/conversation.hpp"
#include "daemon/alerts/news.hpp"
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

/// Whether a finding of the check goes by somebody's doing, rather than by time; one that another
/// stands for now has not gone.
bool is_settled(const DigestScene& scene, const StoredFinding& gone) {
    constexpr std::array repaired{"opp.", "acct.", "task.", "mtg.", "lead."};
    const auto& check = gone.finding.check;
    if (std::none_of(repaired.begin(), repaired.end(),
                     [&](const char* family) { return check.starts_with(family); }))
        return false;
    const bool is_stale =
        check == "opp.stalled" || check == "opp.idle" || check == "opp.never_moved";
    return !is_stale || std::none_of(scene.findings.begin(), scene.findings.end(),
                                     [&](const StoredFinding& live) {
                                         return live.finding.check == "rep.stale_layer" &&
                                                live.finding.owner == gone.finding.owner;
                                     });
}

std::vector<StoredFinding> settled_of(const DigestScene& scene) {
    std::vector<StoredFinding> settled;
    std::copy_if(scene.settled.begin(), scene.settled.end(), std::back_inserter(settled),
                 [&](const StoredFinding& gone) { return is_settled(scene, gone); });
    return settled;
}

Message::Section settled_section(const std::vector<StoredFinding>& settled) {
    constexpr std::size_t max_settled = 5;
    Message::Section section;
    section.heading = "Settled";
    std::vector<std::string> names;
    for (const auto& stored : settled) {
        if (names.size() == max_settled) break;
        const auto& subject = stored.finding.subject;
        names.push_back(shorten(subject.name.empty() ? subject.id : subject.name, 60));
    }
    section.text =
        fmt::format("{} since the last digest: {}", settled.size(), fmt::join(names, ", "));
    if (settled.size() > names.size())
        section.text += fmt::format(" and {} more", settled.size() - names.size());
    section.text += ".";
    return section;
}

/// What the team's findings amount to.
struct Pile {
    std::vector<StoredFinding> praise, news;
    std::vector<Told> told;
    std::size_t earlier = 0;  // told before, and nobody has answered
    std::size_t acknowledged = 0;
    std::size_t silent = 0;  // snoozed or dismissed
};

warehouse::FindingChange change_of(News news) {
    switch (news) {
    case News::worsened: return warehouse::FindingChange::worsened;
    case News::repeated: return warehouse::FindingChange::repeated;
    case News::woken: return warehouse::FindingChange::woken;
    case News::none:
    case News::first: break;
    }
    return warehouse::FindingChange::told;
}

Pile sort_out(const DigestScene& scene, const AlertOptions& options) {
    const Listener listener{scene.team.zone, scene.team.calendar, options.repeat_after};
    Pile pile;
    for (const auto& stored : scene.findings) {
        if (stored.finding.team != scene.team.name) continue;
        const auto news = decide_news(stored, listener, scene.as_of);
        if (news != News::none) {
            (stored.finding.is_praise ? pile.praise : pile.news).push_back(stored);
            if (stored.episode.id != warehouse::FindingId{0})
                pile.told.push_back({stored.episode.id, change_of(news)});
        } else if (!stored.finding.is_praise) {
            const bool is_at_it =
                stored.answer && stored.answer->kind == warehouse::AnswerKind::acknowledged;
            ++(is_at_it ? pile.acknowledged : stored.answer ? pile.silent : pile.earlier);
        }
    }
    return pile;
}

std::string footer(const DigestScene& scene, const Pile& pile) {
    std::string text;
    std::map<std::string, std::set<std::string>> rules_by_reason;
    for (const auto& hold : scene.held) rules_by_reason[hold.reason].insert(hold.check);
    for (const auto& [reason, rules] : rules_by_reason)
        text +=
            fmt::format("On hold: {}. Not judged meanwhile: {}.\n", reason, fmt::join(rules, ", "));
    if (pile.earlier > 0)
        text += fmt::format("{} earlier {} still open; to list {}: nudged finding list\n",
                            pile.earlier, pile.earlier == 1 ? "finding is" : "findings are",
                            pile.earlier == 1 ? "it" : "them");
    if (pile.acknowledged + pile.silent > 0)
        text += fmt::format("Answered: {} acknowledged, {} snoozed or dismissed.\n",
                            pile.acknowledged, pile.silent);
    return text +
           "How do we know? The rule and the rows behind an item: nudged explain ID\n"
           "To answer one: nudged finding ack ID, snooze ID --until DATE, dismiss ID --reason "
           "known";
}

}  // namespace

Digest compose_digest(const DigestScene& scene, const AlertOptions& options) {
    auto pile = sort_out(scene, options);
    const auto settled = settled_of(scene);
    Digest digest;
    auto& message = digest.message;
    message.kind = Message::Kind::digest;
    message.title = scene.due.is_weekly ? fmt::format("{} · week {}", scene.team.name,
                                                      IsoWeek::of(scene.due.day).str())
                                        : fmt::format("{} · what is new", scene.team.name);
    message.subtitle = subtitle(scene);
    if (scene.shared) {
        message.sections.push_back(shared_section(pile.news, pile.earlier));
    } else {
        if (!pile.praise.empty()) message.sections.push_back(praise_section(pile.praise));
        message.sections.push_back(team_table(scene.scorecard, scene.team.name));
        message.sections.push_back(conversation_section(scene.people, pile.news, options.digest));
        if (!settled.empty()) message.sections.push_back(settled_section(settled));
    }
    message.footer = footer(scene, pile);
    message.recipient = scene.team.manager_email;
    message.reference = scene.due.key.substr(0, 8);
    digest.has_news = !pile.praise.empty() || !pile.news.empty();
    digest.told = std::move(pile.told);
    for (const auto& stored : settled)
        digest.told.push_back({stored.episode.id, warehouse::FindingChange::settled});
    return digest;
}

Enqueued enqueue_digest(warehouse::Database& database, const Digest& digest, const DigestDue& due,
                        const warehouse::Team& team, Instant now, const AlertOptions& options) {
    warehouse::NewMessage message;
    message.key = due.key;
    message.channel = team.channel;
    message.recipient = team.manager_email;
    message.reason = "digest";
    auto composed = digest.message;
    composed.decided_at = now;
    message.message = model::to_json(composed);
    message.due_at = now;
    message.expires_at = now + options.expires_after;
    if (!digest.has_news && !due.is_weekly)
        return warehouse::insert_superseded(database, message, "nothing new to tell", now)
                   ? Enqueued::nothing_new
                   : Enqueued::already_decided;
    if (!warehouse::insert_message(database, message, now)) return Enqueued::already_decided;
    for (const auto& [id, why] : digest.told)
        if (why == warehouse::FindingChange::settled)
            warehouse::note_finding(database, id, why, now, {}, due.key);
        else
            warehouse::mark_notified(database, {&id, 1}, now, why, due.key);
    return Enqueued::queued;
}

}  // namespace nudged::alerts
