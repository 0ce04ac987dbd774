// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/finding_desk.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "daemon/alerts/dispute.hpp"
#include "daemon/alerts/message_edit.hpp"
#include "daemon/alerts/routing.hpp"
#include "daemon/runtime/language.hpp"
#include "daemon/warehouse/findings.hpp"
#include "daemon/warehouse/roster_find.hpp"
#include "daemon/warehouse/shadow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace nudged::runtime {
namespace {

using warehouse::Answer;
using warehouse::AnswerKind;
using warehouse::Database;
using warehouse::FindingChange;
using warehouse::StoredFinding;

constexpr std::size_t max_note = 500;

[[noreturn]] void refuse(const std::string& why) {
    throw Failure(FailureKind::refused, why);
}

/// The one finding whose fingerprint begins so, of those that are open, or disputed: what is held
/// for that may be found no more.
StoredFinding find_open(const Database& database, const std::string& begin) {
    constexpr std::size_t least = 4;
    if (begin.size() < least)
        refuse("a finding is named by its id, or the first four digits of it");
    auto found = warehouse::read_live_findings(database);
    for (auto& disputed : warehouse::read_disputed_findings(database))
        found.push_back(std::move(disputed));
    std::erase_if(found, [&](const auto& one) { return !one.fingerprint.starts_with(begin); });
    if (found.empty())
        refuse(fmt::format("no finding {} is open; `nudged finding list` shows those that are",
                           begin));
    if (found.size() > 1)
        refuse(fmt::format("{} open findings begin with {}; give more of the id", found.size(),
                           begin));
    return std::move(found.front());
}

Instant end_of_snooze(const std::string& until, const Zone& zone, Instant now) {
    const auto day = parse_date(until);
    if (!day) refuse(fmt::format("--until {}: write a day as 2026-12-10", until));
    const auto end = zone.instant(LocalTime{*day});
    if (end <= now) refuse(fmt::format("--until {} is not after today", until));
    return end;
}

void require_reason(const std::string& reason) {
    const auto known = warehouse::dismissal_reasons();
    if (std::find(known.begin(), known.end(), reason) != known.end()) return;
    const std::vector<std::string> words{known.begin(), known.end()};
    const auto near = nearest(reason, words);
    refuse(near.empty() ? fmt::format("--reason is one of {}", fmt::join(known, ", "))
                        : fmt::format("--reason {}: did you mean {}?", reason, near));
}

FindingChange change_of(AnswerKind kind) {
    switch (kind) {
    case AnswerKind::acknowledged: return FindingChange::acknowledged;
    case AnswerKind::snoozed: return FindingChange::snoozed;
    case AnswerKind::dismissed: return FindingChange::dismissed;
    case AnswerKind::disputed: return FindingChange::disputed;
    }
    return FindingChange::acknowledged;
}

Answer answer_of(const ControlRequest& request, const StoredFinding& stored, const Zone& zone,
                 Instant now) {
    Answer answer{.facts = facts_of(stored.finding, stored.episode.seen_at),
                  .at = now,
                  .by = request.argument("by"),
                  .note = shorten(request.argument("note"), max_note)};
    const auto action = request.argument("do");
    if (action == "snooze") {
        answer.kind = AnswerKind::snoozed;
        const auto until = request.argument("until");
        if (!until.empty()) answer.until = end_of_snooze(until, zone, now);
    } else if (action == "dismiss") {
        answer.kind = AnswerKind::dismissed;
        answer.reason = request.argument("reason");
        require_reason(answer.reason);
    } else if (action == "dispute") {
        answer.kind = AnswerKind::disputed;
        answer.note = shorten(request.argument("reason"), max_note);
        if (answer.note.empty()) refuse("say with --reason what is wrong");
    } else if (action != "ack") {
        refuse(fmt::format("a finding cannot be answered by \"{}\"", action));
    }
    return answer;
}

std::string sentence(const StoredFinding& stored, const Answer& answer,
                     const ControlRequest& request) {
    const auto name = stored.finding.subject.name.empty() ? stored.finding.subject.id
                                                          : stored.finding.subject.name;
    const auto about = fmt::format("{} ({})", shorten(name, 80), stored.finding.check);
    switch (answer.kind) {
    case AnswerKind::acknowledged:
        return fmt::format("{} is acknowledged: told again only if it becomes worse.", about);
    case AnswerKind::snoozed:
        return answer.until
                   ? fmt::format("{} is silent until {}.", about, request.argument("until"))
                   : fmt::format("{} is silent until its facts change.", about);
    case AnswerKind::dismissed:
        return fmt::format("{} is dismissed as {}, and comes back if its facts change.", about,
                           answer.reason);
    case AnswerKind::disputed:
        return fmt::format("{} is disputed: it is held until the manager has looked.", about);
    }
    return about;
}

const channels::ChannelOptions* find_channel(const config::Config& config,
                                             const std::string& name) {
    const auto found = std::find_if(config.channels.begin(), config.channels.end(),
                                    [&](const auto& one) { return one.name == name; });
    return found == config.channels.end() ? nullptr : &*found;
}

std::set<std::string> shared_channels(const config::Config& config) {
    std::set<std::string> shared;
    for (const auto& channel : config.channels)
        if (channel.audience == channels::Audience::shared) shared.insert(channel.name);
    return shared;
}

/// The manager, unless the team is in shadow or they have left, and the admin.
std::vector<alerts::Judge> judges_of(const config::Config& config, const Database& database,
                                     const std::string& team, Instant now) {
    std::vector<alerts::Judge> judges;
    const auto add = [&](std::string_view line, const std::string& channel,
                         const std::string& recipient) {
        const auto* there = find_channel(config, channel);
        if (there != nullptr)
            judges.push_back({{std::string{line}, channel, recipient},
                              there->audience == channels::Audience::shared});
    };
    const bool in_shadow = warehouse::read_shadow_book(database).has_team(team);
    const auto is_there = [&](const warehouse::RosterTeam& one) {
        const auto today = one.manager.zone.value_or(one.zone).local_day(now);
        return !one.manager.until || today < *one.manager.until;
    };
    for (const auto& one : config.roster.teams)
        if (one.name == team && !in_shadow && is_there(one))
            add(alerts::manager_line, one.channel,
                one.manager.emails.empty() ? std::string{} : one.manager.emails.front());
    add("admin", config.daemon.admin_channel, "");
    return judges;
}

/// What others are told of an answer.
void pass_on(const CareContext& context, Database& database, const StoredFinding& stored,
             const Answer& answer, CareReport& report, Instant now) {
    const auto& texts = texts_of_team(context.config, stored.finding.team);
    if (answer.kind == AnswerKind::disputed) {
        const auto judges = judges_of(context.config, database, stored.finding.team, now);
        const auto by = answer.by.empty() ? std::string{"Somebody"} : answer.by;
        if (alerts::enqueue_dispute(database, {stored, by, answer.note, texts}, judges, now))
            report.sentences.emplace_back("The manager and the admin are told.");
    } else if (answer.kind == AnswerKind::dismissed && answer.reason == "wrong_data") {
        const auto shared = shared_channels(context.config);
        const int sent =
            alerts::enqueue_correction(database, {stored, answer.note, texts, shared}, now);
        if (sent == 0) return;
        warehouse::note_finding(database, stored.episode.id, FindingChange::corrected, now,
                                answer.by);
        report.sentences.push_back(fmt::format(
            "A correction goes to all who were told: {} message{}.", sent, sent == 1 ? "" : "s"));
    }
}

/// Messages that told the finding say at once what was answered.
void edit_messages(const config::Config& config, Database& database, warehouse::FindingId id,
                   Instant now) {
    for (const auto& edit : alerts::compose_edits(warehouse::read_thread_starts(database, id),
                                                  config.roster, config.alerts.texts, now))
        alerts::enqueue_edit(database, edit, now, config.alerts);
}

}  // namespace

asio::awaitable<CareReport> answer_finding(const CareContext& context, ControlRequest request) {
    const auto now = context.clock();
    CareReport report;
    auto answer = [&](Database& database) {
        const auto stored = find_open(database, request.argument("id"));
        const auto id = stored.episode.id;
        const auto by = request.argument("by");
        report.facts["finding"] = stored.fingerprint;
        if (request.argument("do") == "take_back") {
            if (!warehouse::drop_answer(database, id)) refuse("nobody has answered this finding");
            warehouse::note_finding(database, id, FindingChange::taken_back, now, by);
            report.sentences.emplace_back(
                "The answer is taken back; the finding is told as others.");
            edit_messages(context.config, database, id, now);
            return;
        }
        const auto& zone = warehouse::zone_of_team(context.config.roster, stored.finding.team);
        const auto given = answer_of(request, stored, zone, now);
        warehouse::save_answer(database, id, given);
        const auto note = given.reason.empty() ? given.note : given.reason + " " + given.note;
        warehouse::note_finding(database, id, change_of(given.kind), now, by, note);
        report.sentences.push_back(sentence(stored, given, request));
        pass_on(context, database, stored, given, report, now);
        edit_messages(context.config, database, id, now);
    };
    co_await context.writer.run(answer);
    context.on_message();
    co_return report;
}

}  // namespace nudged::runtime
