// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/check.hpp"
#include "daemon/checks/rules.hpp"

#include <algorithm>

namespace nudged::checks {

std::span<const Check> catalog() {
    static const auto all = [] {
        std::vector<Check> checks;
        for (const auto part : {checks_of_records(), checks_of_people()})
            checks.insert(checks.end(), part.begin(), part.end());
        return checks;
    }();
    return all;
}

const Check* find_check(std::string_view id) {
    const auto all = catalog();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Check& check) { return check.id == id; });
    return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> check_ids(const CheckOptions& options) {
    std::vector<std::string> ids;
    for (const auto& check : catalog()) ids.emplace_back(check.id);
    for (const auto& check : options.sql_checks) ids.push_back(check.id());
    return ids;
}

std::optional<CheckText> describe_check(const CheckOptions& options, std::string_view id) {
    if (const auto* check = find_check(id))
        return CheckText{std::string{check->meaning}, std::string{check->clears},
                         check->is_enabled(options)};
    for (const auto& check : options.sql_checks)
        if (check.id() == id) return CheckText{check.meaning, check.clears, check.enabled};
    return std::nullopt;
}

}  // namespace nudged::checks
