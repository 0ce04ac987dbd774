// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/mapping/condition.hpp"
#include "connectors/sources/options.hpp"

#include <map>
#include <string>
#include <vector>

namespace nudged::sources {

/// How one field is made of an answer: what every connector's map says, and what only answers need.
struct AnswerEntry : MapEntry {
    std::vector<Condition> when;      // all must hold, or the value is null
    bool latest = false;              // of several places the latest, not the first
    std::string time;                 // the place of the time where `from` tells a day
    std::string lookup;               // the table that tells what a value is called …
    std::string value;                // … or, at this place of its row, the value itself
    std::vector<AnswerEntry> minus;   // none, or the seconds before an instant that are meant
    std::vector<AnswerEntry> plus;    // none, or the seconds behind it
    std::vector<AnswerEntry> until;   // none, or the end of the time whose seconds are meant
    std::vector<AnswerEntry> others;  // tried in turn while there is no value
};

/// Entries of a map by the names of their fields.
using AnswerEntries = std::map<std::string, AnswerEntry>;

/// A manifest's entries with the source's own laid over them. An own entry that says where its
/// value comes from replaces the manifest's; one that does not is about the same places, and
/// changes what it names, of `values` those that it names.
AnswerEntries laid_over(AnswerEntries entries, const std::map<std::string, MapEntry>& own);

/// A text that differs wherever two entries may make different values.
std::string describe(const AnswerEntry& entry);

}  // namespace nudged::sources
