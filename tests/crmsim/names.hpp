// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::crmsim {

/// Repeatable on every machine, unlike the distributions of <random>. (SplitMix64, public domain.)
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t roll();
    int between(int low, int high);  // both included
    bool chance(int percent) { return between(1, 100) <= percent; }
    template <typename Range>
    const auto& pick(const Range& range) {
        return range[static_cast<std::size_t>(between(0, static_cast<int>(std::size(range)) - 1))];
    }

private:
    std::uint64_t state_;
};

struct PersonName {
    std::string first;
    std::string last;
};

/// `count` different invented company names.
std::vector<std::string> company_names(Dice& dice, std::size_t count);
PersonName person_name(Dice& dice);
/// "baltic-tools" of "Baltic Tools": for domains.
std::string slug(std::string_view name);

/// Names as people who mean harm, or just paste, would enter them: Slack and HTML mark-up,
/// spreadsheet formulas, quotes, emoji, text that runs backwards, no end.
std::span<const std::string> hostile_names();

}  // namespace nudged::crmsim
