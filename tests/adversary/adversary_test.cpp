// SPDX-License-Identifier: Apache-2.0
// Whatever happens in a CRM, on the way and to us: once it is quiet, the warehouse is what the CRM
// holds. NUDGED_SEEDS says how many seeds to try of each CRM, NUDGED_FIRST_SEED where to begin, and
// NUDGED_CRM of which one alone.
#include "tests/adversary/trial.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

using namespace nudged;

namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::stoull(text) : otherwise;
}

bool is_asked_for(std::string_view crm) {
    const char* only = std::getenv("NUDGED_CRM");
    return !only || crm == only;
}

bool has_manifest(std::string_view name) {
    return std::filesystem::exists(std::filesystem::path{NUDGED_SOURCE_DIR} /
                                   "connectors/manifests" / (std::string{name} + ".toml"));
}

void try_seeds_of(std::string_view name) {
    const auto& crm = *std::ranges::find(adversary::crms(), name, &adversary::Crm::name);
    if (!is_asked_for(name)) return;
    if (!has_manifest(name)) {
        WARN("skipped: there is no manifest of " << name);
        return;
    }
    const auto first = number_from("NUDGED_FIRST_SEED", 1);
    const auto seeds = number_from("NUDGED_SEEDS", 8);
    tests::HttpBench bench;
    for (auto seed = first; seed < first + seeds; ++seed) {
        const auto verdict = adversary::run_trial(bench, crm, seed);
        INFO("NUDGED_CRM=" << name << " NUDGED_FIRST_SEED=" << seed << " NUDGED_SEEDS=1");
        CHECK(verdict.problems.empty());
        // As it is: Catch2 would fold the lines.
        if (!verdict.problems.empty()) std::cerr << verdict.log << verdict.problems;
    }
}

}  // namespace

TEST_CASE("after all adversity the warehouse is what Close holds") {
    try_seeds_of("close");
}

TEST_CASE("after all adversity the warehouse is what Dynamics 365 holds") {
    try_seeds_of("dynamics365");
}

TEST_CASE("after all adversity the warehouse is what HubSpot holds") {
    try_seeds_of("hubspot");
}

TEST_CASE("after all adversity the warehouse is what Pipedrive holds") {
    try_seeds_of("pipedrive");
}

TEST_CASE("after all adversity the warehouse is what Salesforce holds") {
    try_seeds_of("salesforce");
}

TEST_CASE("after all adversity the warehouse is what Zoho CRM holds") {
    try_seeds_of("zoho");
}
