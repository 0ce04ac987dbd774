// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/check.hpp"
#include "daemon/checks/rules.hpp"

#include <algorithm>
#include <initializer_list>

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

}  // namespace nudged::checks
