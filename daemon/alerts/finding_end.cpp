// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/finding_end.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "connectors/model/message.hpp"
#include "daemon/alerts/answer_link.hpp"
#include "daemon/warehouse/outbox_ends.hpp"
#include "daemon/warehouse/roster_find.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::alerts {
namespace {

using model::Message;
using warehouse::ToldBy;

enum class What { resolved, reopened };

/// Findings that one message told.
struct End {
    ToldBy told;
    std::string team;
    std::set<std::string> ids;
};
using Ends = std::map<std::string, End>;  // by the message's key

/// In each channel that is to hear of it.
void add(Ends& ends, const warehouse::StoredFinding& stored, std::vector<ToldBy> all,
         const std::set<std::string>& channels) {
    std::map<std::string, ToldBy> last;
    for (auto& told : all) {
        if (!channels.contains(told.channel)) continue;
        auto& known = last[told.channel];
        if (known.names_it && !told.names_it) continue;  // it waits still, and may never arrive
        known = std::move(told);
    }
    for (auto& [channel, told] : last) {
        auto& end = ends[told.key];
        end.team = stored.finding.team;
        end.ids.insert(stored.fingerprint);
        end.told = std::move(told);
    }
}

Message::Item item_of(const Message::Item& told, const Message::Finding& finding, What what,
                      std::string_view words, const Texts& texts) {
    Message::Item item;
    // What the item asked, and its facts, are of the first one.
    if (&finding == &told.findings.front()) item = told;
    remove_links(item);
    item.findings = {finding};
    item.findings.front().is_over = what == What::resolved;
    item.title = finding.title.empty() ? told.title : finding.title;
    item.url = finding.url;
    item.text = texts.fill("thread.item", {{"what", std::string{words}}, {"text", finding.text}});
    if (what == What::reopened) return item;
    item.mark = "✓";
    item.question.clear();
    return item;
}

/// nullopt where the message does not tell them one by one, or its content is gone.
std::optional<Message> compose(const End& end, What what, const EndScene& scene, Instant now) {
    Message told;
    try {
        told = model::parse_message(end.told.message);
    } catch (const Failure&) {
        return std::nullopt;  // somebody in it was forgotten
    }
    const auto& texts = scene.options.texts.in(warehouse::language_of_team(scene.roster, end.team));
    const auto day = warehouse::zone_of_team(scene.roster, end.team).local_day(now);
    const auto words = texts.fill(what == What::resolved ? "thread.resolved" : "thread.reopened",
                                  {{"weekday", texts.weekday(day)}, {"date", texts.date(day)}});
    Message message;
    message.kind = what == What::resolved ? Message::Kind::resolved : Message::Kind::nudge;
    Message::Section section;
    for (const auto& part : told.sections)
        for (const auto& item : part.items)
            for (const auto& finding : item.findings)
                if (end.ids.contains(finding.id))
                    section.items.push_back(item_of(item, finding, what, words, texts));
    if (section.items.empty()) return std::nullopt;
    const auto& title = section.items.size() == 1 ? section.items.front().title : told.title;
    message.title = texts.fill("thread.title", {{"what", words}, {"title", title}});
    message.sections.push_back(std::move(section));
    message.recipient = told.recipient;
    message.about = told.about;
    message.series = told.series;
    message.decided_at = now;
    return message;
}

bool enqueue(warehouse::Database& database, const End& end, What what, const EndScene& scene,
             Instant now) {
    auto message = compose(end, what, scene, now);
    if (!message) return false;
    const auto reason =
        what == What::resolved ? warehouse::resolved_reason : warehouse::reopened_reason;
    warehouse::NewMessage row;
    row.key = fingerprint(fmt::format("{}\n{}\n{}\n{}", reason, end.told.key, to_millis(now),
                                      fmt::join(end.ids, "\n")));
    message->reference = row.key.substr(0, 8);
    row.channel = end.told.channel;
    row.recipient = end.told.recipient;
    row.reason = reason;
    row.message = model::to_json(*message);
    row.due_at = now;
    row.expires_at = now + scene.options.expiry_of(row.channel);
    row.continues = end.told.key;
    return warehouse::insert_message(database, row, now);
}

}  // namespace

int enqueue_ends(warehouse::Database& database, const FindingChanges& changes,
                 const EndScene& scene, Instant now) {
    if (scene.channels.empty()) return 0;
    int queued = 0;
    for (const auto& [what, findings] : {std::pair{What::resolved, &changes.ended},
                                         std::pair{What::reopened, &changes.returned}}) {
        Ends ends;
        for (const auto id : *findings)
            if (const auto stored = warehouse::read_finding(database, id))
                add(ends, *stored, warehouse::read_told_by(database, id, stored->fingerprint),
                    scene.channels);
        for (const auto& [key, end] : ends) queued += enqueue(database, end, what, scene, now);
    }
    return queued;
}

}  // namespace nudged::alerts
