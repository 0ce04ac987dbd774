// SPDX-License-Identifier: Apache-2.0
// Whatever happens in a CRM, on the way and to us: once it is quiet, the warehouse is what the CRM
// holds. seeds.hpp says how many are tried, and how to try others.
#include "tests/adversary/seeds.hpp"
#include "tests/adversary/trial.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iostream>
#include <regex>

using namespace nudged;

namespace {

void try_seeds_of(std::string_view name) {
    const auto& crm = *std::ranges::find(adversary::crms(), name, &adversary::Crm::name);
    if (!adversary::is_asked_for(name)) return;
    tests::HttpBench bench;
    for (const auto seed : adversary::seeds()) {
        INFO(adversary::way_back_to(name, seed));
        const auto verdict = adversary::run_trial(bench, crm, seed);
        CHECK(verdict.problems.empty());
        // As it is: Catch2 would fold the lines.
        if (!verdict.problems.empty()) std::cerr << verdict.log << verdict.problems;
    }
}

/// Each trial has a server of its own.
std::string without_ports(const std::string& log) {
    static const std::regex port{R"(127\.0\.0\.1:\d+)"};
    return std::regex_replace(log, port, "crm");
}

}  // namespace

TEST_CASE("a seed does the same whenever it is tried") {
    tests::HttpBench bench;
    for (const auto& crm : adversary::crms()) {
        if (!adversary::is_asked_for(crm.name)) continue;
        DYNAMIC_SECTION(crm.name) {
            const auto seed = adversary::seeds().front();
            const auto log = without_ports(adversary::run_trial(bench, crm, seed).log);
            CHECK(without_ports(adversary::run_trial(bench, crm, seed).log) == log);
        }
    }
}

TEST_CASE("after all adversity the warehouse is what Close holds") {
    try_seeds_of("close");
}

TEST_CASE("after all adversity the warehouse is what Copper holds") {
    try_seeds_of("copper");
}

TEST_CASE("after all adversity the warehouse is what Dynamics 365 holds") {
    try_seeds_of("dynamics365");
}

TEST_CASE("after all adversity the warehouse is what Freshsales holds") {
    try_seeds_of("freshsales");
}

TEST_CASE("after all adversity the warehouse is what a private Google spreadsheet holds") {
    try_seeds_of("google-sheets");
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

TEST_CASE("after all adversity the warehouse is what the tutorial's CRM holds") {
    try_seeds_of("tally");
}

TEST_CASE("after all adversity the warehouse is what Zendesk Sell holds") {
    try_seeds_of("zendesk-sell");
}

TEST_CASE("after all adversity the warehouse is what Zoho CRM holds") {
    try_seeds_of("zoho");
}
