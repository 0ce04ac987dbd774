// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/seeds.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace nudged::adversary {
namespace {

constexpr std::uint64_t usual_count = 25;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::stoull(text) : otherwise;
}

}  // namespace

std::vector<std::uint64_t> seeds() {
    std::vector<std::uint64_t> all(number_from("NUDGED_SEEDS", usual_count));
    for (std::uint64_t next = number_from("NUDGED_FIRST_SEED", 1); auto& seed : all) seed = next++;
    return all;
}

bool is_asked_for(std::string_view crm) {
    const char* only = std::getenv("NUDGED_CRM");
    return !only || crm == only;
}

std::string way_back_to(std::string_view crm, std::uint64_t seed) {
    return fmt::format("NUDGED_CRM={} NUDGED_FIRST_SEED={} NUDGED_SEEDS=1", crm, seed);
}

}  // namespace nudged::adversary
