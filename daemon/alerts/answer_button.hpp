// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"
#include "daemon/alerts/answer_link.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::alerts {

/// What a click answers.
enum class ButtonAction : std::uint8_t {
    acknowledge,
    why,
    snooze_week,
    snooze_facts,  // until they change
    recheck,
    dispute,
};

/// What a button of ours says of itself. It is no permission: who clicked it is looked at then.
struct ButtonClaim {
    ButtonAction action = ButtonAction::why;
    std::string finding;  // the beginning of its fingerprint
    int episode = 1;
};
std::string to_text(const ButtonClaim& claim);
/// nullopt for what no button of ours says.
std::optional<ButtonClaim> parse_button(std::string_view text);

/// Gives every item that names a finding by its id what can be answered where it is read; a message
/// to nobody in particular has none. `by_id` as for add_links.
void add_answers(model::Message& message, const std::map<std::string, Linked>& by_id,
                 const Texts& texts, MayAnswer may);

}  // namespace nudged::alerts
