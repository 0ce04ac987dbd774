// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/message_edit.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "daemon/alerts/answer_link.hpp"
#include "daemon/alerts/conversation.hpp"
#include "daemon/warehouse/outbox_edits.hpp"
#include "daemon/warehouse/roster_find.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace nudged::alerts {
namespace {

using model::Message;
using std::chrono::local_days;
using warehouse::AnswerKind;
using warehouse::ThreadStart;

/// What has come of a finding, what asks for most attention first.
enum class Standing : std::uint8_t { open, reopened, acknowledged, resolved, dismissed };
constexpr std::array<std::string_view, 5> standing_names{"", "reopened", "acknowledged", "resolved",
                                                         "dismissed"};

struct Outcome {
    Standing standing = Standing::open;
    local_days day{};  // since when; of what is open: none

    bool is_over() const {
        return standing == Standing::resolved || standing == Standing::dismissed;
    }
};

/// As the warehouse keeps it: "resolved 2026-11-24".
std::string to_text(const Outcome& outcome) {
    if (outcome.standing == Standing::open) return {};
    return fmt::format("{} {}", standing_names[static_cast<std::size_t>(outcome.standing)],
                       format_date(outcome.day));
}

Outcome parse_outcome(std::string_view text) {
    const auto gap = std::min(text.find(' '), text.size());
    const auto* name = std::find(standing_names.begin(), standing_names.end(), text.substr(0, gap));
    const auto day = parse_date(text.substr(std::min(gap + 1, text.size())));
    if (name == standing_names.end() || !day) return {};
    return {static_cast<Standing>(name - standing_names.begin()), *day};
}

Outcome outcome_of(const ThreadStart::Member& member, const Zone& zone, Instant now) {
    const auto& [finding, fingerprint, episode, answer] = member.stored;
    if (finding.is_praise) return {};
    if (episode.resolved_at) return {Standing::resolved, zone.local_day(*episode.resolved_at)};
    if (answer && answer->kind == AnswerKind::dismissed)
        return {Standing::dismissed, zone.local_day(answer->at)};
    if (answer && answer->kind == AnswerKind::acknowledged)
        return {Standing::acknowledged, zone.local_day(answer->at)};
    const auto before = parse_outcome(member.shown);
    if (before.standing == Standing::reopened) return before;
    if (before.standing == Standing::resolved) return {Standing::reopened, zone.local_day(now)};
    return {};
}

/// Several in one word: what asks for most attention, since it was last so.
Outcome sum_up(const std::vector<Outcome>& outcomes) {
    Outcome sum{Standing::dismissed, {}};
    for (const auto& one : outcomes) sum.standing = std::min(sum.standing, one.standing);
    for (const auto& one : outcomes)
        if (one.standing == sum.standing) sum.day = std::max(sum.day, one.day);
    return sum;
}

std::string words_of(const Outcome& outcome, const Texts& texts) {
    const auto key =
        fmt::format("thread.{}", standing_names[static_cast<std::size_t>(outcome.standing)]);
    return texts.fill(key,
                      {{"weekday", texts.weekday(outcome.day)}, {"date", texts.date(outcome.day)}});
}

/// The finding by whose id the item goes; nullptr for an item of something else.
const ThreadStart::Member* find_lead(const Message::Item& item, const ThreadStart& start) {
    constexpr std::size_t short_id = 10;
    for (const auto& fact : item.facts)
        for (const auto& member : start.members)
            if (fact.value == std::string_view{member.stored.fingerprint}.substr(0, short_id))
                return &member;
    return nullptr;
}

void edit_item(Message::Item& item, const ThreadStart& start, const std::vector<Outcome>& outcomes,
               const Texts& texts) {
    const auto* lead = find_lead(item, start);
    if (lead == nullptr) return;
    std::vector<Outcome> of_item;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        if (item_key(start.members[i].stored.finding) == item_key(lead->stored.finding))
            of_item.push_back(outcomes[i]);
    const auto sum = sum_up(of_item);
    if (sum.standing == Standing::open) return;
    item.text = texts.fill("thread.item", {{"what", words_of(sum, texts)}, {"text", item.text}});
    if (!sum.is_over()) return;
    item.mark = "✓";
    item.question.clear();
    remove_links(item);
}

void edit_message(Message& message, const ThreadStart& start, const std::vector<Outcome>& outcomes,
                  const Texts& texts) {
    for (auto& section : message.sections)
        for (auto& item : section.items) edit_item(item, start, outcomes, texts);
    const auto sum = sum_up(outcomes);
    if (sum.standing == Standing::open) return;
    message.title =
        texts.fill("thread.title", {{"what", words_of(sum, texts)}, {"title", message.title}});
    if (sum.is_over()) message.kind = Message::Kind::resolved;
}

/// nullopt for one whose content is gone: somebody in it was forgotten.
std::optional<Message> read_message(const std::string& json) {
    try {
        return model::parse_message(json);
    } catch (const Failure&) {
        return std::nullopt;
    }
}

}  // namespace

std::vector<MessageEdit> compose_edits(std::vector<ThreadStart> starts,
                                       const warehouse::Roster& roster, const Catalogue& texts,
                                       Instant now) {
    std::vector<MessageEdit> edits;
    for (auto& start : starts) {
        if (start.members.empty()) continue;
        const auto& team = start.members.front().stored.finding.team;
        const auto& zone = warehouse::zone_of_team(roster, team);
        std::vector<Outcome> outcomes;
        std::vector<std::string> shown;
        bool is_new = false;
        for (const auto& member : start.members) {
            outcomes.push_back(outcome_of(member, zone, now));
            is_new |= shown.emplace_back(to_text(outcomes.back())) != member.shown;
        }
        auto message = is_new ? read_message(start.message) : std::nullopt;
        if (!message) continue;
        edit_message(*message, start, outcomes,
                     texts.in(warehouse::language_of_team(roster, team)));
        edits.push_back({std::move(start), std::move(shown), std::move(*message)});
    }
    return edits;
}

bool enqueue_edit(warehouse::Database& database, const MessageEdit& edit, Instant now,
                  const AlertOptions& options) {
    const auto& start = edit.start;
    if (!warehouse::still_says(database, start.key, start.message)) return false;
    warehouse::Savepoint part{database};
    for (std::size_t i = 0; i < start.members.size(); ++i)
        if (!warehouse::note_shown(database, start.members[i], edit.shown[i])) return false;
    warehouse::supersede_edits(database, start.key);
    warehouse::NewMessage row;
    row.key = fingerprint(
        fmt::format("edit\n{}\n{}\n{}", start.key, to_millis(now), fmt::join(edit.shown, "\n")));
    row.channel = start.channel;
    row.recipient = start.recipient;
    row.reason = "edit";
    row.message = model::to_json(edit.message);
    row.due_at = now;
    row.expires_at = now + options.expiry_of(row.channel);
    row.edits = start.key;
    if (!warehouse::insert_message(database, row, now)) return false;
    part.keep();
    return true;
}

}  // namespace nudged::alerts
