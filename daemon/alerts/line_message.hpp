// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"
#include "daemon/alerts/routing.hpp"
#include "daemon/alerts/schedule.hpp"
#include "daemon/warehouse/finding_tellings.hpp"

#include <string>
#include <utility>
#include <vector>

namespace nudged::alerts {

/// A finding that holds, and whom it goes to.
struct Routed {
    warehouse::StoredFinding stored;
    std::vector<Stop> way;
};

/// One message of the day to somebody beside the manager: a rep, the manager's manager, whomever a
/// route names, or the admin, of checks that are in shadow.
struct LineMessage {
    warehouse::Addressee to;
    std::string key;
    std::string team;
    model::Message message;
    std::vector<std::pair<warehouse::FindingId, warehouse::FindingChange>> told;
};

/// Those whose hour has come, each with the findings that are due on its line. A team in shadow has
/// none: all of it is in the admin's digest. `routed` are in the order of their importance. Pure.
std::vector<LineMessage> compose_line_messages(const RoutingScene& scene,
                                               const std::vector<Routed>& routed);

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
