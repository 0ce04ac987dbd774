// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/query_weeks.hpp"

#include "daemon/checks/sql/sql_check.hpp"
#include "daemon/warehouse/persons.hpp"
#include "daemon/warehouse/rollups.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace nudged::checks {
namespace {

using warehouse::PersonId;
using warehouse::QueryValue;

/// Some hundred weeks of a thousand people.
constexpr warehouse::QueryLimits limits{
    .time = std::chrono::milliseconds{5000}, .rows = 200'000, .bytes = std::size_t{32} << 20};

/// The rows of one query, by the columns that have a meaning.
class Rows {
public:
    Rows(const warehouse::QueryResult& result, const warehouse::Database& database)
        : result_(result), database_(database) {
        if (const auto missing = find_missing_kpi_column(result.columns)) refuse(*missing);
        person_ = place_of("person_id");
        week_ = place_of("week");
        value_ = place_of("value");
    }

    void read_into(QueryWeeks& weeks) const {
        for (std::size_t i = 0; i < result_.rows.size(); ++i) {
            const auto person = person_at(i);
            const auto value = value_at(i);
            if (!person || !value) continue;
            const auto week = week_at(i);
            if (!weeks.values[*person].emplace(week, *value).second)
                refuse(
                    fmt::format("gives two values of one person for {}; group them", week.str()));
        }
    }

private:
    [[noreturn]] static void refuse(const std::string& what) {
        throw Failure(FailureKind::refused, what);
    }

    std::size_t place_of(std::string_view column) const {
        return static_cast<std::size_t>(
            std::find(result_.columns.begin(), result_.columns.end(), column) -
            result_.columns.begin());
    }

    /// Work of nobody whom nudged knows is nobody's.
    std::optional<PersonId> person_at(std::size_t row) const {
        const auto& value = result_.rows[row][person_];
        if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
        const auto* number = std::get_if<std::int64_t>(&value);
        if (!number)
            refuse(fmt::format("gives a row {} whose person_id is no person_id of the views",
                               row + 1));
        return warehouse::counted_as(database_, PersonId{*number});
    }

    IsoWeek week_at(std::size_t row) const {
        if (const auto* text = std::get_if<std::string>(&result_.rows[row][week_])) {
            if (const auto week = IsoWeek::parse(*text)) return *week;
            if (const auto day = parse_date(*text)) return IsoWeek::of(*day);
        }
        refuse(
            fmt::format("gives a row {} whose week is neither \"2026-W48\" nor a date", row + 1));
    }

    std::optional<double> value_at(std::size_t row) const {
        const auto& value = result_.rows[row][value_];
        if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
        if (const auto* whole = std::get_if<std::int64_t>(&value))
            return static_cast<double>(*whole);
        if (const auto* number = std::get_if<double>(&value)) return *number;
        refuse(fmt::format("gives a row {} whose value is no number", row + 1));
    }

    const warehouse::QueryResult& result_;
    const warehouse::Database& database_;
    std::size_t person_ = 0, week_ = 0, value_ = 0;
};

QueryWeeks run(const Scene& scene, const Kpi& kpi, IsoWeek from, IsoWeek until) {
    QueryWeeks weeks;
    try {
        const warehouse::ViewQueries queries{scene.reader.path(), limits};
        const auto& teams = scene.people.teams;
        const auto today =
            (teams.empty() ? Zone::utc() : teams.front().zone).local_day(scene.as_of);
        const auto result =
            queries.run(kpi.query.text,
                        {scene.as_of, today, warehouse::QuerySpan{from.monday(), until.monday()}});
        weeks.rests_on = feed_of(result.views).fresh;
        if (reads_sums(result.views) &&
            !warehouse::read_rollup_proof(scene.reader, scene.options.measures.all()).is_whole())
            weeks.failure = "sums are counted anew";
        else
            Rows{result, scene.reader.database()}.read_into(weeks);
    } catch (const warehouse::FileFailure&) {
        throw;  // nothing else can be read either
    } catch (const Failure& failure) {
        weeks.values.clear();
        weeks.failure = fmt::format("{}: the query of the KPI \"{}\" {}", kpi.query.place.str(),
                                    kpi.name, failure.what());
    }
    return weeks;
}

}  // namespace

std::optional<std::string> find_missing_kpi_column(const std::vector<std::string>& columns) {
    std::vector<std::string> missing;
    for (const auto* needed : {"person_id", "week", "value"}) {
        const auto count = std::count(columns.begin(), columns.end(), needed);
        if (count > 1)
            return fmt::format("has two columns \"{}\"; name one of them with AS", needed);
        if (count == 0) missing.emplace_back(needed);
    }
    if (missing.empty()) return std::nullopt;
    return fmt::format("has no column {}; it needs person_id, week and value",
                       fmt::join(missing, ", "));
}

const QueryWeeks& query_weeks(const Scene& scene, const Kpi& kpi, IsoWeek from, IsoWeek until) {
    auto& known = scene.query_weeks[{kpi.name, from}];
    if (!known) known = std::make_shared<const QueryWeeks>(run(scene, kpi, from, until));
    return *known;
}

}  // namespace nudged::checks
