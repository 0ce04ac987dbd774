// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// Row of the table `escalation`.
enum class EscalationId : std::int64_t { none = 0 };

struct EscalationDraft {
    std::string customer;
    PersonId rep = PersonId::nobody;  // whose customer it is
    PersonId manager{};               // who handles it
    std::string team;
    std::string text;  // what has happened; may be empty
    std::string next_step;
};

struct EscalationUpdate {
    Instant at;
    std::string text;
};

/// A customer's trouble that a manager handles, from its opening to the review after it (sales
/// practice §10).
struct Escalation {
    EscalationId id{};
    std::string customer;
    PersonId rep = PersonId::nobody;      // as whom they count
    PersonId manager = PersonId::nobody;  // the same
    std::string rep_name, manager_name;
    std::string team;
    Instant opened_at;
    Instant updated_at;  // the last update, or the opening
    std::string next_step;
    std::vector<EscalationUpdate> updates;  // the earliest first
    std::optional<Instant> closed_at;
    std::string outcome;
    std::optional<Instant> reviewed_at;
    std::string review;
};

// Inside a write transaction. What is not there, or not in the state that the step begins from,
// throws Failure(refused).

EscalationId open_escalation(Database& database, const EscalationDraft& draft, Instant now);
/// An empty next step leaves the one that stands.
void update_escalation(Database& database, EscalationId id, std::string_view text,
                       std::string_view next_step, Instant now);
void close_escalation(Database& database, EscalationId id, std::string_view outcome, Instant now);
void review_escalation(Database& database, EscalationId id, std::string_view review, Instant now);

/// All that were opened up to `as_of` as they stood then, the earliest first.
std::vector<Escalation> read_escalations(const Reader& reader, Instant as_of);

}  // namespace nudged::warehouse
