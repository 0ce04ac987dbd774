// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/pile.hpp"
#include "daemon/alerts/texts.hpp"

#include <string>
#include <vector>

/// Pieces that several messages are put together from.
namespace nudged::alerts {

/// How old the data is, source by source: each is as fresh as its stream that is furthest behind.
std::string freshness(const DigestScene& scene, const Texts& texts);
/// The day, the days worked in its week, and how old the data is.
std::string dated(const DigestScene& scene, const Texts& texts, bool with_days);

model::Message::Item praise_item(const warehouse::StoredFinding& stored);
model::Message::Section praise_section(const std::vector<warehouse::StoredFinding>& news,
                                       const Texts& texts);
/// What is told to a place that others read: counts, and nobody's name.
model::Message::Section shared_section(const Pile& pile, const Texts& texts);
model::Message::Section settled_section(const std::vector<warehouse::StoredFinding>& settled,
                                        const Texts& texts);
/// What was held back and why, what is still open, and how to answer.
std::string footer(const DigestScene& scene, const Pile& pile, const Texts& texts);

}  // namespace nudged::alerts
