// SPDX-License-Identifier: Apache-2.0
// bench_rollups [RECORDS]: what keeping rollups costs a call that is stored, in a transaction of
// pages of 100: counting them, and writing the sums (CPU), as JSON. docs/performance.md has the
// figures.
#include "daemon/warehouse/rollups_write.hpp"
#include "daemon/warehouse/schema.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

using namespace nudged;
using namespace nudged::warehouse;

namespace {

constexpr int a_page = 100;
constexpr int a_transaction = 10'000;

/// Calls in the order of time, 2,000 a day, of 50 owners.
std::vector<model::Record> make_calls(int count, const std::vector<std::string>& owners) {
    const auto at = [](std::string_view name) {
        return *model::field_index(model::Entity::call, name);
    };
    std::mt19937 random{1};
    std::vector<model::Record> calls(static_cast<std::size_t>(count));
    std::int64_t when = to_millis(std::chrono::sys_days{std::chrono::year{2026} / 1 / 1});
    for (auto& call : calls) {
        call.entity = model::Entity::call;
        call.values[at("owner")] = std::string_view{owners[random() % owners.size()]};
        call.values[at("started_at")] = when += 43'000;
        call.values[at("duration_s")] = static_cast<std::int64_t>(random() % 600);
        call.values[at("direction")] = std::string_view{"outbound"};
        call.values[at("outcome")] = std::string_view{random() % 3 ? "no_answer" : "connected"};
    }
    return calls;
}

/// CPU seconds of this process.
double cpu() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace

int main(int argc, char** argv) {
    const int count = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
    std::vector<std::string> owners;
    for (int i = 0; i < 50; ++i) owners.push_back(fmt::format("{}", 70'000 + i));
    const auto calls = make_calls(count, owners);
    Database database{":memory:", Database::Mode::read_write};
    migrate(database);
    const auto source = ensure_source(database, "crm", "bench");
    double counting = 0, writing = 0;
    for (int first = 0; first < count; first += a_transaction) {
        Transaction transaction{database};
        RollupChanges changes{database, source, warehouse::measures()};
        const auto began = cpu();
        for (int i = first; i < std::min(count, first + a_transaction); ++i) {
            changes.add(calls[static_cast<std::size_t>(i)], i + 1);
            if (i % a_page == a_page - 1) changes.keep();
        }
        const auto counted = cpu();
        changes.flush();
        transaction.commit();
        writing += cpu() - counted;
        counting += counted - began;
    }
    std::printf("{\"calls\": %d, \"counting_us\": %.3f, \"writing_us\": %.3f}\n", count,
                counting * 1e6 / count, writing * 1e6 / count);
}
