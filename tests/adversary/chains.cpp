// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/chains.hpp"

#include <fmt/format.h>

#include <utility>

namespace nudged::adversary {
namespace {

using Subject = std::pair<std::string, std::string>;  // an opportunity and its field

}  // namespace

std::vector<std::string> broken_chains(const Copy& copy) {
    std::vector<std::string> broken;
    std::map<Subject, std::string> ends;
    auto row = copy.database().prepare(
        "SELECT opportunity, field, old, new FROM opportunity_change WHERE origin = 'seen' "
        "ORDER BY rowid");
    while (row.step()) {
        const Subject subject{std::string{row.text(0)}, std::string{row.text(1)}};
        const std::string before{row.text(2)};
        const auto [end, is_first] = ends.try_emplace(subject, before);
        if (end->second != before)
            broken.push_back(fmt::format("opportunity {}: a change of {} begins at \"{}\", and the "
                                         "one before ended at \"{}\"",
                                         subject.first, subject.second, before, end->second));
        end->second = row.text(3);
    }
    const auto opportunities = copy.rows(Entity::opportunity);
    for (const auto& [subject, end] : ends) {
        const auto found = opportunities.find(subject.first);
        if (found == opportunities.end()) continue;
        const auto& fields = found->second.fields;
        const auto stored = fields.find(subject.second);
        if (end != (stored == fields.end() ? std::string{} : stored->second))
            broken.push_back(fmt::format("opportunity {}: the last change of {} ends at \"{}\", "
                                         "which is not what is stored",
                                         subject.first, subject.second, end));
    }
    return broken;
}

}  // namespace nudged::adversary
