// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/measures.hpp"
#include "daemon/warehouse/store.hpp"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace nudged::tests {

/// Random edits of few records, so that every one is told, changed, deleted and revived often, and
/// all that makes sums be counted anew, in between. All in the transaction of the caller's.
class RollupScript {
public:
    RollupScript(warehouse::Database& database, std::uint32_t seed);

    /// One page of records, one step of a recount, or one cause of a recount.
    void edit();
    /// The measures in force.
    std::span<const warehouse::Measure> measures() const { return measures_; }
    /// Words of the last edits, for whoever looks into a failure.
    const std::string& log() const { return log_; }

private:
    int below(std::size_t end);
    bool chance(int percent) { return below(100) < percent; }
    const char* pick(std::initializer_list<const char*> of) { return of.begin()[below(of.size())]; }
    std::int64_t moment();

    void store_page();
    model::Record make_record(model::Page& page);
    void fill(model::Record& record, model::Page& page);
    void set(model::Record& record, const char* field, model::Value value);
    void fill_call(model::Record& record);
    void fill_task(model::Record& record, model::Page& page);
    void fill_email(model::Record& record);
    void fill_meeting(model::Record& record);
    void fill_opportunity(model::Record& record, model::Page& page);
    void fill_flags(model::Record& record);
    void step();
    void revise_measure();
    void note(const std::string& text) { log_ += text + "\n"; }

    warehouse::Database& database_;
    std::mt19937 random_;
    std::vector<warehouse::Measure> measures_;
    Instant clock_;
    std::string log_;
};

/// source, user, measure, day → sum
using Sums = std::map<std::tuple<std::string, std::string, std::string, std::string>, std::int64_t>;

/// What the records come to, without any of the code that keeps rollups: conditions in SQL, days by
/// the C library. `noise` is the revision of the measure that scripts add.
Sums count_naively(const warehouse::Database& database, std::int64_t noise);

/// What is stored, and can be read: nothing of what is being counted anew.
Sums stored_sums(const warehouse::Database& database);
/// Takes away what cannot be read at present.
void keep_readable(Sums& sums, const warehouse::Database& database);

std::string differences(const Sums& stored, const Sums& counted);

/// The name of the measure that scripts add to those that ship, and revise.
inline constexpr std::string_view noise_measure = "noise";

}  // namespace nudged::tests
