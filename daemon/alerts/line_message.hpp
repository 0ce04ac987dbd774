// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"
#include "daemon/alerts/routing.hpp"
#include "daemon/alerts/schedule.hpp"
#include "daemon/warehouse/finding_tellings.hpp"
#include "daemon/warehouse/finding_threads.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nudged::alerts {

/// What the outbox calls a message of what is told at once.
inline constexpr std::string_view at_once_reason = "at_once";
/// Of what is told at once however much there is of it, and takes nothing from the rest.
inline constexpr std::string_view escalation_reason = "escalation";

/// A finding that holds, and whom it goes to.
struct Routed {
    warehouse::StoredFinding stored;
    std::vector<Stop> way;
};

/// How many more messages of what is told at once may go to somebody on the day whose hours began
/// then, of what has been queued so far; nullopt: none yet, not even an escalation.
using AtOnceLeft = std::function<std::optional<int>(const warehouse::Addressee& to,
                                                    const std::string& team, Instant day_from)>;

/// One message of the day to somebody beside the manager: a rep, the manager's manager, whomever a
/// route names, or the admin, of checks that are in shadow. Or one of what a rule has told at once,
/// to any of them but the admin.
struct LineMessage {
    warehouse::Addressee to;
    std::string key;
    std::string team;
    model::Message message;
    bool at_once = false;
    bool is_escalation = false;  // of a customer's, told at once
    std::string continues;  // the key of the message that told all of it before; empty: none did
    std::vector<std::pair<warehouse::FindingId, warehouse::FindingChange>> told;
    std::optional<Instant> quiet_from{};  // as of DigestDue
};

/// Those whose hour has come, each with the findings that are due on its line. A team in shadow has
/// none: all of it is in the admin's digest. What is told at once goes thread by thread. What is
/// too much for that comes with the message of the day; a manager's is the digest, which is not
/// made here. `routed` are in the order of their importance.
std::vector<LineMessage> compose_line_messages(const RoutingScene& scene,
                                               const std::vector<Routed>& routed,
                                               const warehouse::OpenThreads& threads,
                                               const AtOnceLeft& left);

/// Puts it into the outbox and notes who was told; false when that line has had its message of the
/// day. Writer's thread, inside its transaction.
bool enqueue_line_message(warehouse::Database& database, const LineMessage& message, Instant now,
                          const AlertOptions& options);

/// The same findings as if nobody but that line were told of them: what a digest for another than
/// the manager is composed from.
std::vector<warehouse::StoredFinding> as_told_on(std::string_view line,
                                                 const std::vector<Routed>& routed,
                                                 const warehouse::Tellings& tellings);

}  // namespace nudged::alerts
