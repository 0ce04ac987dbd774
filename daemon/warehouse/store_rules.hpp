// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/record.hpp"
#include "daemon/warehouse/measures.hpp"
#include "daemon/warehouse/suppression.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::warehouse {

/// [retention] of nudged.toml: for how long what is finished is kept, from the moment that it
/// belongs to; 0: for ever.
struct RetentionOptions {
    std::chrono::days calls{731};
    std::chrono::days tasks{731};  // done or dropped
    std::chrono::days meetings{731};
    std::chrono::days emails{731};
    std::chrono::days opportunities{1096};  // closed; with their history
    std::chrono::days history{1096};        // of opportunities that are kept
    std::chrono::days deleted{90};          // what the CRM no longer has
    std::chrono::days findings{731};        // resolved
    std::chrono::days messages{90};         // of the outbox, with nothing more to come of them
    std::chrono::days runs{90};             // the log of turns and evaluations
    std::chrono::days commitments{1096};    // with their verdicts
    std::chrono::days team_sums{0};         // what removed records came to, per team and week
    std::chrono::days coaching{1096};       // notes, plans, escalations, days off
};

/// For how long records of `entity` are kept; 0: for ever.
std::chrono::days kept_for(const RetentionOptions& options, model::Entity entity);

/// True for a record that is finished and belongs to a moment further back than its kind is kept.
/// One that says no moment goes by its version. `flags` are those of an opportunity's stage, and
/// are asked for only where they matter.
bool is_past(const RetentionOptions& options, const model::Record& record, Instant now,
             const std::function<StageFlags()>& flags);

/// Whether an entity tells of one thing that a user did, or is to do: calls, tasks, meetings …
bool is_activity(model::Entity entity);
/// Whether an entity tells a person: users and contacts.
constexpr bool is_person(model::Entity entity) {
    return entity == model::Entity::user || entity == model::Entity::contact;
}

/// What is not to be stored, or not whole. Belongs to the thread of the connection that writes.
class StoreRules {
public:
    explicit StoreRules(Suppression suppression) : suppression_(std::move(suppression)) {}

    RetentionOptions retention;
    Suppression& suppression() { return suppression_; }

    /// False: not to be stored, as it is about somebody who was forgotten. Else `record` has lost
    /// what refers to them. A user or contact who comes back under a new id is remembered by it.
    bool admit(std::string_view source, model::Record& record);

private:
    bool is_suppressed_person(std::string_view source, const model::Record& record);

    Suppression suppression_;
};

}  // namespace nudged::warehouse
