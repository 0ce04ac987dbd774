// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/answer_entry.hpp"

#include <fmt/format.h>

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

void add(std::string& text, std::string_view part) {
    text += fmt::format("{}:{},", part.size(), part);
}

void add(std::string& text, const std::vector<std::string>& parts) {
    text += fmt::format("[{}]", parts.size());
    for (const auto& part : parts) add(text, part);
}

void add(std::string& text, const Condition& condition) {
    add(text, condition.at.name_after({}, "."));
    add(text, condition.in);
    add(text, condition.except);
    add(text, condition.prefix);
    text += !condition.present ? '?' : *condition.present ? '+' : '-';
    text += fmt::format("[{}]", condition.any.size());
    for (const auto& one : condition.any) add(text, one);
}

}  // namespace

std::string describe(const AnswerEntry& entry) {
    std::string text;
    add(text, entry.from);
    for (const auto& part :
         {entry.as, entry.format, entry.zone, entry.join, entry.time, entry.lookup})
        add(text, part);
    for (const auto& word : {entry.constant, entry.otherwise}) {
        text += word ? '+' : '-';
        add(text, word.value_or(""));
    }
    for (const auto& [theirs, ours] : entry.values) {
        add(text, theirs);
        add(text, ours);
    }
    text += entry.latest ? '+' : '-';
    for (const auto& condition : entry.when) add(text, condition);
    for (const auto& end : entry.until) add(text, "until" + describe(end));
    for (const auto& other : entry.others) add(text, describe(other));
    return text;
}

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
