// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/answer_entry.hpp"

namespace nudged::sources {
namespace {

void lay_over(AnswerEntry& under, const MapEntry& own) {
    under.place = own.place;
    for (auto& other : under.others) lay_over(other, own);
    if (under.constant) return;
    if (!own.as.empty()) under.as = own.as;
    if (!own.format.empty()) under.format = own.format;
    if (!own.zone.empty()) under.zone = own.zone;
    if (own.otherwise) under.otherwise = own.otherwise;
    for (const auto& [theirs, ours] : own.values) under.values[theirs] = ours;
}

}  // namespace

AnswerEntries laid_over(AnswerEntries entries, const std::map<std::string, MapEntry>& own) {
    for (const auto& [name, entry] : own) {
        auto& under = entries[name];
        if (entry.constant || !entry.join.empty() || !entry.from.empty()) {
            under = {};
            static_cast<MapEntry&>(under) = entry;
        } else {
            lay_over(under, entry);
        }
    }
    return entries;
}

}  // namespace nudged::sources
