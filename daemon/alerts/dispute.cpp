// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/dispute.hpp"

#include "connectors/base/text.hpp"
#include "connectors/model/message.hpp"
#include "daemon/warehouse/finding_threads.hpp"
#include "daemon/warehouse/outbox.hpp"

#include <fmt/format.h>

#include <set>
#include <tuple>

namespace nudged::alerts {
namespace {

using model::Message;
using warehouse::StoredFinding;

/// A week: whoever is on leave still gets to know.
constexpr std::chrono::days useful_for{7};

std::string name_of(const StoredFinding& stored) {
    const auto& subject = stored.finding.subject;
    return shorten(subject.name.empty() ? subject.id : subject.name, 80);
}

std::string short_id(const StoredFinding& stored) {
    return stored.fingerprint.substr(0, 10);
}

Message::Item item_of(const StoredFinding& stored, const Texts& texts) {
    Message::Item item;
    item.title = name_of(stored);
    item.url = stored.finding.subject.url;
    item.text = stored.finding.summary;
    item.facts.push_back({texts.fill("item.id"), short_id(stored), ""});
    return item;
}

/// `continues`: the key of the message that it replies to, or nothing.
bool enqueue(warehouse::Database& database, Message message, const warehouse::Addressee& to,
             const std::string& identity, const std::string& continues, Instant now) {
    warehouse::NewMessage row;
    row.key = fingerprint(
        fmt::format("{}\n{}\n{}\n{}", identity, to_millis(now), to.channel, to.recipient));
    row.channel = to.channel;
    row.recipient = to.recipient;
    row.reason = "nudge";
    message.kind = Message::Kind::nudge;
    message.recipient = to.recipient;
    message.reference = row.key.substr(0, 8);
    message.decided_at = now;
    row.message = model::to_json(message);
    row.due_at = now;
    row.expires_at = now + useful_for;
    row.continues = continues;
    return warehouse::insert_message(database, row, now);
}

Message dispute_message(const Dispute& dispute, bool is_shared) {
    const auto& texts = dispute.texts;
    const Facts facts{{"id", short_id(dispute.stored)},
                      {"team", dispute.stored.finding.team},
                      {"who", dispute.by},
                      {"reason", shorten(dispute.reason, 500)}};
    Message message;
    auto& section = message.sections.emplace_back();
    if (is_shared) {
        message.title = texts.fill("dispute.shared_title");
        section.text = texts.fill("dispute.shared_text", facts);
        return message;
    }
    message.title = texts.fill("dispute.title", facts);
    section.text = texts.fill("dispute.text", facts);
    section.items.push_back(item_of(dispute.stored, texts));
    message.footer = texts.fill("dispute.footer", facts);
    return message;
}

Message correction_message(const Correction& correction, bool is_shared) {
    const auto& texts = correction.texts;
    Message message;
    message.title = texts.fill("correction.title");
    auto& section = message.sections.emplace_back();
    if (is_shared) {
        section.text = texts.fill("correction.shared_text", {{"id", short_id(correction.stored)}});
        return message;
    }
    section.text = texts.fill("correction.text", {{"why", shorten(correction.why, 300)}});
    section.items.push_back(item_of(correction.stored, texts));
    return message;
}

}  // namespace

bool enqueue_dispute(warehouse::Database& database, const Dispute& dispute,
                     const std::vector<Judge>& judges, Instant now) {
    bool is_new = false;
    std::set<std::tuple<std::string, std::string>> asked;
    for (const auto& judge : judges) {
        if (!asked.emplace(judge.to.channel, judge.to.recipient).second) continue;
        const auto identity = fmt::format("dispute\n{}\n{}", dispute.stored.fingerprint,
                                          dispute.stored.episode.number);
        is_new |= enqueue(database, dispute_message(dispute, judge.is_shared), judge.to, identity,
                          {}, now);
    }
    return is_new;
}

int enqueue_correction(warehouse::Database& database, const Correction& correction, Instant now) {
    const auto& stored = correction.stored;
    int sent = 0;
    std::set<std::tuple<std::string, std::string>> told;
    for (const auto& telling : warehouse::read_finding_tellings(database, stored.episode.id)) {
        if (!told.emplace(telling.channel, telling.recipient).second) continue;
        const auto identity =
            fmt::format("correction\n{}\n{}", stored.fingerprint, stored.episode.number);
        const auto thread =
            warehouse::read_thread(database, stored.episode.id, telling.channel, telling.recipient);
        const bool is_shared = correction.shared_channels.contains(telling.channel);
        sent += enqueue(database, correction_message(correction, is_shared),
                        {telling.line, telling.channel, telling.recipient}, identity, thread, now);
    }
    return sent;
}

}  // namespace nudged::alerts
