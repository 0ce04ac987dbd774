// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/page.hpp"
#include "daemon/checks/options.hpp"
#include "daemon/warehouse/database.hpp"
#include "tests/support/world/world.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>

namespace nudged::tests {

/// Random edits of few records of two sources, so that links move, deals change hands, and every
/// record is told, changed, deleted and revived often; and random steps of time, over days on which
/// reps and a manager leave, others join, holidays of one rep begin, and renewals' clocks open.
class StandingScript {
public:
    StandingScript(World& world, std::uint32_t seed);

    /// Some records, or some time.
    void step();
    Instant now() const { return now_; }
    /// Rules that few records are enough for.
    const checks::CheckOptions& options() const { return options_; }
    const std::string& log() const { return log_; }

private:
    int below(int end);
    bool chance(int percent) { return below(100) < percent; }
    const char* pick(std::initializer_list<const char*> of) {
        return of.begin()[below(static_cast<int>(of.size()))];
    }
    std::int64_t moment(int days_back, int minutes_ahead);

    void make_options();
    void make_people();
    void make_stays(warehouse::Roster& roster);
    void make_runs();
    void store(int records);
    /// All of them, or what chance leaves.
    void mark_complete(int percent = 100);
    void fill(model::Record& record, model::Page& page);
    void fill_opportunity(model::Record& record, model::Page& page);
    void fill_change(model::Record& record, model::Page& page);
    void fill_activity(model::Record& record, model::Page& page);
    void set(model::Record& record, std::string_view field, model::Value value);
    void set_id(model::Record& record, model::Page& page, std::string_view field,
                std::string_view kind, int count);
    void set_moment(model::Record& record, std::string_view field, int days_back,
                    int minutes_ahead);

    World& world_;
    warehouse::Database& database_;
    std::mt19937 random_;
    checks::CheckOptions options_;
    Instant now_;
    int ahead_;  // how many moments of a hundred lie ahead: each makes a look whole when it comes
    int told_;   // how many of a hundred streams answer each time
    std::string log_;
};

}  // namespace nudged::tests
