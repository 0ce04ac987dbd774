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

Message::Item item_of(const StoredFinding& stored) {
    Message::Item item;
    item.title = name_of(stored);
    item.url = stored.finding.subject.url;
    item.text = stored.finding.summary;
    item.facts.push_back({"id", short_id(stored), ""});
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
    const auto id = short_id(dispute.stored);
    Message message;
    if (is_shared) {
        message.title = "nudged: a finding is disputed";
        message.sections.emplace_back().text =
            fmt::format("Somebody says that finding {} of team {} is wrong. It is held until it "
                        "has been looked at: nudged finding history {}",
                        id, dispute.stored.finding.team, id);
        return message;
    }
    message.title = fmt::format("{} says: this is wrong", dispute.by);
    auto& section = message.sections.emplace_back();
    section.text = fmt::format("“{}”", shorten(dispute.reason, 500));
    section.items.push_back(item_of(dispute.stored));
    message.footer = fmt::format(
        "It is held until you have looked; no verdict and no row counts it meanwhile.\n"
        "They are right: nudged finding dismiss {} --reason wrong_data tells all who were told.\n"
        "It stands as it is: nudged finding reopen {}",
        id, id);
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

int enqueue_correction(warehouse::Database& database, const StoredFinding& stored,
                       const std::string& why, Instant now) {
    Message message;
    message.title = "Correction: what was told was wrong";
    auto& section = message.sections.emplace_back();
    section.text = why.empty() ? "Somebody has looked: the data behind this was wrong. Please take "
                                 "no account of it."
                               : fmt::format("Somebody has looked: the data behind this was wrong "
                                             "(“{}”). Please take no account of it.",
                                             shorten(why, 300));
    section.items.push_back(item_of(stored));
    int sent = 0;
    std::set<std::tuple<std::string, std::string>> told;
    for (const auto& telling : warehouse::read_finding_tellings(database, stored.episode.id)) {
        if (!told.emplace(telling.channel, telling.recipient).second) continue;
        const auto identity =
            fmt::format("correction\n{}\n{}", stored.fingerprint, stored.episode.number);
        const auto thread =
            warehouse::read_thread(database, stored.episode.id, telling.channel, telling.recipient);
        sent += enqueue(database, message, {telling.line, telling.channel, telling.recipient},
                        identity, thread, now);
    }
    return sent;
}

}  // namespace nudged::alerts
