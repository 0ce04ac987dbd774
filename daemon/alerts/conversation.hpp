// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/digest.hpp"
#include "daemon/alerts/texts.hpp"

#include <string>
#include <tuple>
#include <vector>

namespace nudged::alerts {

/// Findings of the same key make one item: those of one subject, or one rep's accounts.
using ItemKey = std::tuple<std::string, std::string, std::string>;
ItemKey item_key(const warehouse::Finding& finding);

/// What mail shows as one conversation: what is told of an episode on its own; else nothing.
std::string series_of(const std::vector<warehouse::StoredFinding>& told);

/// "Worth a conversation": at most `max_items` items and at most `max_per_rep` a rep, one a
/// subject, the most important first; accounts without a next step are one item a rep. What is left
/// out is counted. `news` come in the order of their importance.
model::Message::Section conversation_section(const DigestScene& scene,
                                             const std::vector<warehouse::StoredFinding>& news,
                                             const DigestOptions& options, const Texts& texts);

}  // namespace nudged::alerts
