// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/hygiene/stalled.hpp"

#include <catch2/catch.hpp>

using namespace nudged::checks;

namespace {

/// The practice's ten deals, twice: median 10.5, mean 13.7.
std::vector<double> twenty_stays() {
    std::vector<double> stays{5, 7, 8, 9, 10, 11, 12, 14, 20, 41};
    const auto again = stays;
    stays.insert(stays.end(), again.begin(), again.end());
    return stays;
}

}  // namespace

TEST_CASE("the limit of a stage is a multiple of the median, not of the mean") {
    CHECK(decide_stall_limit({}, twenty_stays(), {}, {}).days == 21);
}

TEST_CASE("the limit is never under the floor") {
    CHECK(decide_stall_limit({}, std::vector<double>(20, 1.0), {}, {}).days == 7);
}

TEST_CASE("with too little history of the stage a third of the won cycle stands in") {
    const std::vector<double> cycles(20, 45.0);
    CHECK(decide_stall_limit({}, std::vector<double>(19, 10.0), cycles, {}).days == 15);
}

TEST_CASE("without any history the limit goes by the stage's place in its pipeline") {
    struct Case {
        const char* name;
        StagePlace place;
        double days;
    };
    const auto c = GENERATE(values<Case>({
        {"first of six", {1, 6}, 14},
        {"second of six", {2, 6}, 14},
        {"third of six", {3, 6}, 10},
        {"fourth of six", {4, 6}, 10},
        {"fifth of six", {5, 6}, 7},
        {"last of six", {6, 6}, 7},
        {"the only one", {1, 1}, 14},
        {"not known", {0, 0}, 14},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(decide_stall_limit({}, {}, {}, c.place).days == c.days);
    }
}
