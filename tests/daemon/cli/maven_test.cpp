// SPDX-License-Identifier: Apache-2.0
// What docs/real-data.md says of "CRM Sales Opportunities" by Maven Analytics, asked of the
// program. The figures were counted from the files by others than nudged.
#include "tests/daemon/cli/site.hpp"
#include "tests/paths.hpp"
#include "tests/skip.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

using namespace nudged::tests;
using Catch::Contains;

namespace {

const std::string data = NUDGED_SOURCE_DIR "/../shared/data/maven-crm/sales_pipeline.csv";
const std::string config = NUDGED_SOURCE_DIR "/config/examples/maven-crm/nudged.toml";

/// The days between two columns of v_opportunity_change's moves: into Engaging, and out of it.
constexpr const char* cycles = R"(
    SELECT o.stage, julianday(o.close_date) - julianday(substr(c.changed_at, 1, 10)) AS days
      FROM v_opportunity o JOIN v_opportunity_change c ON c.opportunity_id = o.id
     WHERE c.field = 'stage' AND c.new = 'Engaging' AND o.is_closed)";

class Maven {
public:
    Maven() {
        const auto synced = nudged({"sync"});
        INFO(synced.output);
        REQUIRE(synced.status == 0);
    }

    Finished nudged(const std::vector<std::string>& arguments) const {
        std::vector<std::string> command{"/usr/bin/env",
                                         "NUDGED_STATE_DIR=" + folder_.file("state"),
                                         program("nudged"), "-c", config};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return run_program(command);
    }

    /// The array of objects that a command prints.
    rapidjson::Document read(std::vector<std::string> arguments) const {
        arguments.emplace_back("--json");
        const auto told = nudged(arguments);
        INFO(told.output);
        REQUIRE(told.status == 0);
        rapidjson::Document rows;
        rows.Parse(told.output.c_str());
        REQUIRE(rows.IsArray());
        return rows;
    }

    /// The only number that a query gives.
    double number(const std::string& query) const {
        const auto rows = read({"warehouse", "sql", query});
        REQUIRE(rows.Size() == 1);
        return rows[0].MemberBegin()->value.GetDouble();
    }

    rapidjson::Document evaluate(const std::string& check, const std::string& set = "") const {
        std::vector<std::string> command{"evaluate", "--check", check, "--as-of", "2017-12-31"};
        if (!set.empty()) command.insert(command.end(), {"--set", set});
        return read(std::move(command));
    }

private:
    TempFolder folder_;
};

double median(std::vector<double> values) {
    REQUIRE_FALSE(values.empty());
    std::ranges::sort(values);
    const auto middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

bool is_absent() {
    if (std::filesystem::exists(data)) return false;
    skip("the Maven files are not beside the checkout");
    return true;
}

}  // namespace

TEST_CASE("the example of 8,800 real opportunities has what its publisher's files have") {
    if (is_absent()) return;
    const Maven maven;
    const auto count = [&](const std::string& where) {
        return maven.number("SELECT count(*) FROM v_opportunity WHERE " + where);
    };
    CHECK(count("1") == 8800);
    CHECK(count("is_won") == 4238);
    CHECK(count("stage = 'Lost'") == 2473);
    CHECK(count("stage = 'Engaging'") == 1589);
    CHECK(count("stage = 'Prospecting'") == 500);
    CHECK(count("NOT is_closed AND account IS NULL") == 1425);
    CHECK(count("stage = 'Engaging' AND account IS NULL") == 1088);
    CHECK(count("stage = 'Prospecting' AND account IS NULL") == 337);
    // The pipeline says GTXPro where the list of products says GTX Pro.
    CHECK(count("name LIKE '%GTXPro%'") == 0);
    CHECK(count("name LIKE 'GTX Pro%'") > 0);
    CHECK(maven.number("SELECT sum(amount) FROM v_opportunity WHERE is_won") == 10'005'534);
    CHECK(maven.number("SELECT 100.0 * sum(is_won) / count(*) FROM v_opportunity WHERE "
                       "is_closed") == Approx(63.15).margin(5e-3));
    CHECK(maven.number("SELECT count(DISTINCT owner) FROM v_opportunity") == 30);

    std::map<std::string, std::vector<double>> days;
    const auto closed = maven.read({"warehouse", "sql", cycles});
    for (const auto& row : closed.GetArray())
        days[row["stage"].GetString()].push_back(row["days"].GetDouble());
    CHECK(median(days["Won"]) == 57);
    CHECK(median(days["Lost"]) == 14);
    CHECK(mean(days["Won"]) == Approx(51.78).margin(5e-3));
    CHECK(mean(days["Lost"]) == Approx(41.48).margin(5e-3));
    CHECK(std::ranges::max(days["Won"]) == 138);
    CHECK(count("stage = 'Engaging' AND julianday('2017-12-31') - "
                "julianday(substr(stage_since, 1, 10)) > 138") == 1291);
}

TEST_CASE("the example of 8,800 real opportunities tells who won how much") {
    if (is_absent()) return;
    const Maven maven;
    const auto managers = maven.read({"warehouse", "sql",
                                      "SELECT manager, sum(amount) AS won FROM v_opportunity WHERE "
                                      "is_won GROUP BY manager ORDER BY won DESC"});
    std::vector<std::pair<std::string, double>> won;
    for (const auto& row : managers.GetArray())
        won.emplace_back(row["manager"].GetString(), row["won"].GetDouble());
    CHECK(won == std::vector<std::pair<std::string, double>>{{"Melvin Marxen", 2'251'930},
                                                             {"Summer Sewald", 1'964'750},
                                                             {"Rocco Neubert", 1'960'545},
                                                             {"Celia Rouche", 1'603'897},
                                                             {"Cara Losch", 1'130'049},
                                                             {"Dustin Brinkmann", 1'094'363}});

    const auto reps =
        maven.read({"warehouse", "sql",
                    "SELECT owner, sum(is_won) AS won, count(*) - sum(is_won) AS lost, "
                    "sum(CASE WHEN is_won THEN amount ELSE 0 END) AS amount, "
                    "100.0 * sum(is_won) / count(*) AS rate "
                    "FROM v_opportunity WHERE is_closed GROUP BY owner ORDER BY rate"});
    REQUIRE(reps.Size() == 30);
    std::vector<double> rates;
    for (const auto& row : reps.GetArray()) {
        rates.push_back(row["rate"].GetDouble());
        if (row["owner"] != "Darcel Schlecht") continue;
        CHECK(row["won"].GetInt() == 349);
        CHECK(row["lost"].GetInt() == 204);
        CHECK(row["amount"].GetDouble() == 1'153'214);
    }
    CHECK(reps[0]["owner"] == "Lajuana Vencill");
    CHECK(reps[0]["won"].GetInt() == 127);
    CHECK(rates.front() == Approx(54.98).margin(5e-3));
    CHECK(reps[29]["owner"] == "Hayden Neloms");
    CHECK(reps[29]["lost"].GetInt() == 45);
    CHECK(rates.back() == Approx(70.39).margin(5e-3));
    CHECK(median(rates) == Approx(63.59).margin(5e-3));

    // Five of the 35 have no opportunity: no data, and not zero.
    const auto shown =
        maven.nudged({"scorecard", "--as-of", "2017-12-31", "--weeks", "4", "--format", "json"});
    std::size_t no_data = 0;
    for (auto at = shown.output.find("\"no_data\""); at != std::string::npos;
         at = shown.output.find("\"no_data\"", at + 1))
        ++no_data;
    CHECK(no_data == 5);
}

TEST_CASE("of 1,403 real deals that stand still a manager is told as one item a rep") {
    if (is_absent()) return;
    const Maven maven;
    CHECK(maven.evaluate("opp.stalled", "opp.stalled.multiple=1.5").Size() == 1489);
    CHECK(maven.evaluate("opp.stalled", "opp.stalled.multiple=3").Size() == 763);
    const auto stalled = maven.evaluate("opp.stalled");
    CHECK(stalled.Size() == 1403);
    std::map<std::string, double> of_rep;
    for (const auto& finding : stalled.GetArray()) ++of_rep[finding["owner"]["name"].GetString()];
    std::vector<double> numbers;
    for (const auto& [rep, deals] : of_rep) numbers.push_back(deals);
    CHECK(std::ranges::min(numbers) == 19);
    CHECK(std::ranges::max(numbers) == 89);
    CHECK(median(numbers) == 49);
    CHECK_THAT(stalled[0]["evidence"][1]["value"].GetString(),
               Contains("2 × the median of 57 days of 4238 deals"));

    const auto layers = maven.evaluate("rep.stale_layer");
    std::set<std::string> told;
    for (const auto& finding : layers.GetArray()) told.insert(finding["owner"]["name"].GetString());
    CHECK(told.size() == layers.Size());  // one a rep
    CHECK(told.size() == of_rep.size());
    CHECK(told.size() <= 30);
    const auto digest =
        maven.nudged({"digest", "--to", "melvin.marxen@maven.example", "--as-of", "2017-12-31"});
    CHECK(digest.status == 0);
    CHECK_THAT(digest.output, !Contains("opp.stalled") && !Contains("In this stage for"));
}
