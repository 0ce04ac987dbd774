// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/backup.hpp"
#include "daemon/warehouse/rollups_verify.hpp"
#include "tests/faults/script.hpp"

namespace nudged::tests {
namespace {

using warehouse::Database;

class Examination {
public:
    explicit Examination(const Database& database) : database_(database) {}

    void expect(std::int64_t expected, const char* what, const char* sql) {
        const auto found = database_.integer(sql);
        if (found != expected)
            problems_.push_back(fmt::format("{}: {} instead of {}", what, found, expected));
    }
    void at_least(int found, int safe, const char* what) {
        if (found < safe)
            problems_.push_back(
                fmt::format("{} of {} acknowledged {} are lost", safe - found, safe, what));
    }
    void add(std::string problem) { problems_.push_back(std::move(problem)); }
    std::vector<std::string> problems() && { return std::move(problems_); }

private:
    const Database& database_;
    std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> examine(const Database& database, const Reached& safe) {
    Examination look(database);
    auto check = database.prepare("PRAGMA integrity_check");
    while (check.step())
        if (check.text(0) != "ok") look.add("integrity_check: " + std::string{check.text(0)});
    for (const auto& difference : warehouse::verify_rollups(database))
        look.add(fmt::format("rollup {} {} {}: stored {}, counted {}", difference.user,
                             difference.measure, difference.day, difference.stored,
                             difference.counted));
    const auto found = read_reached(database);
    look.at_least(found.pages, safe.pages, "pages");
    look.at_least(found.decided, safe.decided, "decisions");
    look.at_least(found.claimed, safe.claimed, "claims");
    look.at_least(found.delivered, safe.delivered, "deliveries");

    // Page n: five calls of n seconds each; the deal's amount and stage become those of page n.
    const std::int64_t pages = found.pages;
    look.expect(5 * pages, "calls", "SELECT count(*) FROM call");
    look.expect(5 * pages * (pages + 1) / 2, "seconds", "SELECT sum(duration_s) FROM call");
    look.expect(pages, "the deal's amount", "SELECT max(CAST(amount AS INTEGER)) FROM opportunity");
    look.expect(std::max<std::int64_t>(pages - 1, 0), "changes of amount",
                "SELECT count(*) FROM opportunity_change WHERE field = 'amount'");
    // A finding has one message, both have the numbers from 1; each was tried once.
    look.expect(found.decided, "findings", "SELECT count(*) FROM finding WHERE state = 'notified'");
    look.expect(found.decided, "the last message's number", "SELECT max(id) FROM outbox");
    look.expect(found.claimed, "tries", "SELECT sum(attempts) FROM outbox");
    look.expect(found.decided, "keys", "SELECT count(DISTINCT key) FROM outbox");
    return std::move(look).problems();
}

std::vector<std::string> open_and_examine(const std::string& path, const Reached& safe) {
    try {
        std::vector<std::string> problems;
        warehouse::Writer writer{script_options(path)};
        writer.run_blocking([&](Database& database) { problems = examine(database, safe); });
        for (int number = 1; number <= safe.copies; ++number)
            for (const auto& problem : warehouse::verify_copy(copy_path(path, number)))
                problems.push_back(fmt::format("backup {}: {}", number, problem));
        return problems;
    } catch (const std::exception& error) {
        return {std::string{"does not open: "} + error.what()};
    }
}

}  // namespace nudged::tests
