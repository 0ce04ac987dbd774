// SPDX-License-Identifier: Apache-2.0
#include "connectors/model/choices.hpp"

namespace nudged::model {
namespace {

using Choices = std::string_view[];

constexpr Choices directions{"outbound", "inbound"};
constexpr Choices call_outcomes{"connected", "left_message", "left_voicemail", "no_answer",
                                "busy",      "wrong_number", "other"};
constexpr Choices meeting_outcomes{"scheduled", "held", "rescheduled", "no_show", "cancelled"};
constexpr Choices forecast_categories{"omitted", "pipeline", "best_case", "commit", "closed"};

}  // namespace

std::span<const std::string_view> choices_of(Entity entity, std::string_view field) {
    if (field == "direction") return directions;
    if (field == "outcome" && entity == Entity::call) return call_outcomes;
    if (field == "outcome" && entity == Entity::meeting) return meeting_outcomes;
    if (field == "forecast_category" && entity == Entity::opportunity) return forecast_categories;
    return {};
}

}  // namespace nudged::model
