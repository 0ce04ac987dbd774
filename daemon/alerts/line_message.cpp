// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/line_message.hpp"

#include "connectors/base/text.hpp"
#include "daemon/alerts/conversation.hpp"
#include "daemon/warehouse/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace nudged::alerts {
namespace {

using model::Message;
using warehouse::FindingChange;
using warehouse::StoredFinding;
using warehouse::Team;

/// What one line of one team is to be told today, or at once.
struct Heap {
    warehouse::Addressee to;
    bool at_once = false;
    bool is_escalation = false;
    std::string continues;
    Team team;
    std::vector<StoredFinding> findings;
    std::vector<std::pair<warehouse::FindingId, FindingChange>> told;
};

/// The team's clock, or the rep's where they are told.
Team clock_of(const Heap& heap, const warehouse::People& people) {
    auto clock = heap.team;
    const auto* rep =
        heap.to.line == rep_line ? people.rep(heap.findings.front().finding.owner) : nullptr;
    if (rep != nullptr) {
        clock.zone = rep->zone;
        clock.calendar = rep->calendar;
    } else if (heap.to.line != manager_line || heap.to.recipient != heap.team.manager_email) {
        clock.calendar.away.clear();  // the manager's leave is not theirs
    }
    return clock;
}

std::string key_of(const Heap& heap, std::chrono::local_days day) {
    if (heap.at_once) {
        std::string told;
        for (std::size_t i = 0; i < heap.findings.size(); ++i)
            told += fmt::format("\n{} {} {}", heap.findings[i].fingerprint,
                                heap.findings[i].episode.number, to_string(heap.told[i].second));
        return fingerprint(fmt::format("at once\n{}\n{}\n{}\n{}{}", format_date(day), heap.to.line,
                                       heap.to.recipient, heap.to.channel, told));
    }
    return fingerprint(fmt::format("line\n{}\n{}\n{}\n{}\n{}", heap.team.name, format_date(day),
                                   heap.to.line, heap.to.recipient, heap.to.channel));
}

std::string manager_name(const Team& team) {
    return team.manager_name.empty() ? team.manager_email : team.manager_name;
}

/// Who looks after nudged reads English.
void introduce_shadow(Message& message, const Heap& heap, const std::string& date) {
    message.title = fmt::format("{} · checks in shadow", heap.team.name);
    message.subtitle = fmt::format(
        "{}\nNobody but you is told: these checks are new. Look whether they are right.", date);
    message.footer = "To let a check go live: nudged go-live --check ID";
}

void introduce_ops(Message& message, const std::string& date) {
    message.title = "Findings of no team";
    message.subtitle = fmt::format(
        "{}\nThey belong to nobody in teams.toml, so that you are told, and nobody else.", date);
    message.footer = "To tell somebody else: a [[route]] with their address in routes.toml";
}

void introduce(Message& message, const Heap& heap, const std::string& date, const Texts& texts) {
    const auto& team = heap.team;
    const Facts facts{{"team", team.name}, {"manager", manager_name(team)}};
    if (heap.to.line == shadow_line) return introduce_shadow(message, heap, date);
    if (heap.to.line == ops_line) return introduce_ops(message, date);
    message.subtitle = date;
    if (heap.to.line == rep_line) {
        message.title = texts.fill("line.rep_title");
        message.subtitle += "\n" + texts.fill("line.rep_note", facts);
        message.footer = texts.fill("line.rep_footer", facts);
    } else if (heap.to.line == escalation_line) {
        message.title = texts.fill("line.escalation_title", facts);
        message.subtitle += "\n" + texts.fill("line.escalation_note", facts);
        message.footer = texts.fill("line.escalation_footer");
    } else {
        message.title = texts.fill(heap.at_once ? "line.at_once_title" : "line.route_title", facts);
        message.footer = texts.fill("footer.how") + "\n" + texts.fill("line.route_footer");
    }
}

/// The findings as a digest shows them.
Message::Section items_of(const RoutingScene& scene, const Heap& heap, const Texts& texts) {
    static const checks::Scorecard no_scorecard;
    static const std::vector<checks::Held> none_held;
    auto options = scene.options.digest;
    if (heap.to.line == rep_line || heap.to.line == ops_line || heap.at_once)
        options.max_per_rep = options.max_items;
    const DigestScene digest{.people = scene.people,
                             .team = heap.team,
                             .scorecard = no_scorecard,
                             .held = none_held,
                             .due = {},
                             .as_of = scene.now,
                             .findings = {},
                             .settled = {},
                             .streams = {}};
    auto section = conversation_section(digest, heap.findings, options, texts);
    section.heading.clear();
    return section;
}

/// Of a customer, told at once.
bool is_escalation(const StoredFinding& stored, const Stop& stop) {
    return stop.at_once && stored.finding.check.starts_with("esc.");
}

LineMessage compose(const RoutingScene& scene, Heap heap, const DigestDue& due) {
    LineMessage made;
    made.key = key_of(heap, due.day);
    made.team = heap.team.name;
    made.at_once = heap.at_once;
    made.is_escalation = heap.is_escalation;
    made.quiet_from = due.quiet_from;
    made.continues = heap.at_once ? heap.continues : std::string{};
    made.message.kind = heap.at_once ? Message::Kind::nudge : Message::Kind::digest;
    const auto& texts = scene.options.texts.in(heap.team.language);
    introduce(made.message, heap, texts.long_date(due.day), texts);
    made.message.sections.push_back(items_of(scene, heap, texts));
    if (heap.at_once) made.message.series = series_of(heap.findings);
    made.message.recipient = heap.to.recipient;
    made.message.reference = made.key.substr(0, 8);
    made.to = std::move(heap.to);
    made.told = std::move(heap.told);
    return made;
}

/// Where it goes: the team, and whom by which channel.
using Place = std::tuple<std::string, std::string, std::string, std::string>;
struct Heaps {
    std::map<Place, Heap> of_the_day;
    /// Thread by thread, and escalations apart from the rest.
    std::map<std::tuple<Place, std::string, bool>, Heap> at_once;

    Heap& of(const Place& place, const StoredFinding& stored, const Stop& stop,
             const std::string& thread) {
        return stop.at_once ? at_once[{place, thread, is_escalation(stored, stop)}]
                            : of_the_day[place];
    }
};

std::string thread_of(const warehouse::OpenThreads& threads, warehouse::FindingId id,
                      const Stop& stop) {
    const auto thread = threads.find({id, stop.channel, stop.recipient});
    return thread == threads.end() ? std::string{} : thread->second;
}

Heaps pile_up(const RoutingScene& scene, const std::vector<Routed>& routed,
              const warehouse::OpenThreads& threads) {
    Heaps heaps;
    for (const auto& [stored, way] : routed) {
        const auto& team_name = stored.finding.team;
        if (stored.episode.id == warehouse::FindingId{0} || scene.shadow.has_team(team_name))
            continue;
        for (const auto& stop : way) {
            // What is not told at once goes to the manager in the digest.
            if (stop.state != Stop::State::due || (stop.line == manager_line && !stop.at_once))
                continue;
            const auto thread = thread_of(threads, stored.episode.id, stop);
            auto& heap = heaps.of({team_name, stop.line, stop.recipient, stop.channel}, stored,
                                  stop, thread);
            heap.at_once = stop.at_once;
            heap.is_escalation = is_escalation(stored, stop);
            heap.continues = thread;
            if (heap.findings.empty()) heap.team = team_or_ops(scene, team_name);
            heap.to = {stop.line, stop.channel, stop.recipient};
            heap.findings.push_back(stored);
            heap.told.emplace_back(stored.episode.id, stop.news);
        }
    }
    return heaps;
}

/// What is too much to be told at once comes with the rest of the day's.
void put_back(Heap heap, Heap& of_the_day) {
    heap.at_once = false;
    heap.is_escalation = false;
    heap.findings.insert(heap.findings.end(), of_the_day.findings.begin(),
                         of_the_day.findings.end());
    heap.told.insert(heap.told.end(), of_the_day.told.begin(), of_the_day.told.end());
    of_the_day = std::move(heap);
}

}  // namespace

std::vector<LineMessage> compose_line_messages(const RoutingScene& scene,
                                               const std::vector<Routed>& routed,
                                               const warehouse::OpenThreads& threads,
                                               const AtOnceLeft& left) {
    auto heaps = pile_up(scene, routed, threads);
    std::vector<LineMessage> messages;
    const auto due = [&](const Heap& heap) {
        return decide_due(clock_of(heap, scene.people), scene.options.digest, scene.now);
    };
    std::map<std::pair<std::string, std::string>, int> sent;  // by channel and recipient
    for (auto& [key, heap] : heaps.at_once) {
        const auto when = due(heap);
        if (!when) continue;
        auto& count = sent[{heap.to.channel, heap.to.recipient}];
        const auto most = left(heap.to, heap.team.name, when->due_at);
        // No number of a day holds an escalation back, but that it is too early for any does.
        if (heap.is_escalation ? most.has_value() : count < most.value_or(0)) {
            if (!heap.is_escalation) ++count;
            messages.push_back(compose(scene, std::move(heap), *when));
        } else if (heap.to.line != manager_line) {
            put_back(std::move(heap), heaps.of_the_day[std::get<Place>(key)]);
        }
    }
    for (auto& [place, heap] : heaps.of_the_day)
        if (const auto when = due(heap)) messages.push_back(compose(scene, std::move(heap), *when));
    return messages;
}

bool enqueue_line_message(warehouse::Database& database, const LineMessage& message, Instant now,
                          const AlertOptions& options) {
    warehouse::NewMessage row;
    row.key = message.key;
    row.channel = message.to.channel;
    row.recipient = message.to.recipient;
    row.reason = message.is_escalation ? escalation_reason
                 : message.at_once     ? at_once_reason
                                       : "digest";
    auto composed = message.message;
    composed.decided_at = now;
    row.message = model::to_json(composed);
    row.due_at = now;
    row.expires_at = now + options.expiry_of(row.channel);
    row.quiet_from = message.quiet_from;
    row.continues = message.continues;
    if (!warehouse::insert_message(database, row, now)) return false;
    for (const auto& [id, why] : message.told) {
        if (message.at_once) warehouse::note_thread(database, {&id, 1}, message.key);
        warehouse::note_telling(database, {&id, 1}, message.to, now, message.key);
        if (message.to.line == manager_line)
            warehouse::mark_notified(database, {&id, 1}, now, why, message.key);
        else
            warehouse::note_finding(database, id, why, now, {}, message.key);
    }
    return true;
}

std::vector<StoredFinding> as_told_on(std::string_view line, const std::vector<Routed>& routed,
                                      const warehouse::Tellings& tellings) {
    std::vector<StoredFinding> seen;
    for (const auto& [stored, way] : routed) {
        const auto stop =
            std::find_if(way.begin(), way.end(), [&](const Stop& one) { return one.line == line; });
        if (stop == way.end() || stop->state == Stop::State::waits) continue;
        auto& one = seen.emplace_back(stored);
        if (line == manager_line) continue;  // noted at the finding itself
        one.episode.notified_at.reset();
        one.episode.notified_severity.reset();
        if (const auto known = tellings.find(stored.episode.id); known != tellings.end())
            for (const auto& telling : known->second)
                if (telling.line == line) {
                    one.episode.notified_at = telling.last_at;
                    one.episode.notified_severity = telling.severity;
                }
    }
    return seen;
}

}  // namespace nudged::alerts
