// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/field_rule.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace nudged;
using namespace nudged::sources;
using model::Entity;

namespace {

MapEntry entry(const std::string& as = "", const std::string& format = "") {
    MapEntry made;
    made.from = {"column"};
    made.as = as;
    made.format = format;
    made.place = {"maven.toml", 7, 1};
    return made;
}

FieldRule rule(Entity entity, const std::string& field, const MapEntry& from,
               const Zone& zone = Zone::utc()) {
    Diagnostics problems;
    const FieldRule compiled = compile_rule(entity, field, from, zone, problems);
    INFO(problems.str());
    REQUIRE(problems.items().empty());
    return compiled;
}

/// A value as a person would write it: "null", a number, 'text', or "malformed".
std::string shown(const FieldRule& rule, Raw raw) {
    model::Page page;
    const auto value = convert(rule, raw, page);
    if (!value) return "malformed";
    if (const auto* number = std::get_if<std::int64_t>(&*value)) return std::to_string(*number);
    if (const auto* text = std::get_if<std::string_view>(&*value))
        return "'" + std::string{*text} + "'";
    return "null";
}

std::string problems_of(Entity entity, const std::string& field, const MapEntry& from) {
    Diagnostics problems;
    compile_rule(entity, field, from, Zone::utc(), problems);
    return problems.str();
}

}  // namespace

TEST_CASE("a field's text becomes its value by the conversion") {
    struct Case {
        Entity entity;
        const char* field;
        const char* as;
        const char* text;
        const char* expected;
    };
    const auto c = GENERATE(values<Case>({
        {Entity::call, "subject", "", " Hello ", "'Hello'"},
        {Entity::call, "subject", "", "   ", "null"},
        {Entity::call, "direction", "lower", "OUTbound", "'outbound'"},
        {Entity::call, "owner", "", " 9007199254740993 ", "'9007199254740993'"},
        {Entity::stage, "position", "", "12", "12"},
        {Entity::stage, "position", "", "-3", "-3"},
        {Entity::stage, "position", "", "12.0", "12"},
        {Entity::stage, "position", "", "12.5", "malformed"},
        {Entity::stage, "position", "", "twelve", "malformed"},
        {Entity::stage, "position", "", "99999999999999999999", "malformed"},
        {Entity::stage, "is_won", "", "TRUE", "1"},
        {Entity::stage, "is_won", "", "no", "0"},
        {Entity::stage, "is_won", "", "1", "1"},
        {Entity::stage, "is_won", "", "maybe", "malformed"},
        // 0.1 + 0.2 has no place here: the digits are those that came.
        {Entity::opportunity, "amount", "", "1250.50", "'1250.5'"},
        {Entity::opportunity, "amount", "", "123456789012345.67", "'123456789012345.67'"},
        {Entity::opportunity, "amount", "", "1.25e3", "'1250'"},
        {Entity::opportunity, "amount", "", "1,250", "malformed"},
        {Entity::opportunity, "amount", "cents", "125050", "'1250.5'"},
        {Entity::opportunity, "amount", "cents", "5", "'0.05'"},
        {Entity::opportunity, "amount", "cents", "-5", "'-0.05'"},
        {Entity::opportunity, "amount", "cents", "5.5", "malformed"},
        {Entity::stage, "probability", "percent", "25", "'0.25'"},
        {Entity::stage, "probability", "percent", "12.5 %", "'0.125'"},
        {Entity::stage, "probability", "percent", "100", "'1'"},
        {Entity::stage, "probability", "percent", "0", "'0'"},
        {Entity::stage, "probability", "percent", "101", "malformed"},
        {Entity::stage, "probability", "percent", "-1", "malformed"},
        // 2026-11-20T08:15:00Z is 1795162500 seconds after 1970: 20777 days, 8 h and 15 min.
        {Entity::call, "started_at", "", "2026-11-20T08:15:00Z", "1795162500000"},
        {Entity::call, "started_at", "", "2026-11-20T10:15:00+02:00", "1795162500000"},
        {Entity::call, "started_at", "", "2026-11-20 08:15:00", "1795162500000"},
        {Entity::call, "started_at", "", "2026-11-20", "1795132800000"},
        {Entity::call, "started_at", "", "soon", "malformed"},
        {Entity::call, "started_at", "epoch_ms", "1795162500123", "1795162500123"},
        {Entity::call, "started_at", "epoch_s", "1795162500", "1795162500000"},
        {Entity::call, "started_at", "epoch_s", "1795162500.25", "1795162500250"},
        {Entity::call, "started_at", "epoch_s", "1795162500000",
         "malformed"},  // milliseconds, not seconds
        {Entity::task, "due_on", "", "2026-11-20", "'2026-11-20'"},
        {Entity::task, "due_on", "", "2026-02-30", "malformed"},
        {Entity::task, "due_on", "epoch_ms", "1795162500000", "'2026-11-20'"},
        {Entity::call, "duration_s", "", "166", "166"},
        {Entity::call, "duration_s", "ms_to_s", "24000", "24"},
        {Entity::call, "duration_s", "ms_to_s", "1499", "1"},
        {Entity::call, "duration_s", "ms_to_s", "1500", "2"},
        {Entity::call, "duration_s", "ms_to_s", "-1", "malformed"},
        {Entity::call, "duration_s", "minutes_to_s", "2", "120"},
        {Entity::call, "duration_s", "minutes_to_s", "1.5", "90"},
        {Entity::call, "duration_s", "minutes_to_s", "0.008", "0"},  // 0.48 s
        {Entity::call, "duration_s", "minutes_to_s", "0.009", "1"},  // 0.54 s
        {Entity::call, "duration_s", "clock_to_s", "0:02:46", "166"},
        {Entity::call, "duration_s", "clock_to_s", "02:46", "166"},
        {Entity::call, "duration_s", "clock_to_s", "1:00:00", "3600"},
        {Entity::call, "duration_s", "clock_to_s", "90:00", "5400"},
        {Entity::call, "duration_s", "clock_to_s", "0:60", "malformed"},
        {Entity::call, "duration_s", "clock_to_s", "166", "malformed"},
        {Entity::call, "duration_s", "clock_to_s", "1:-2", "malformed"},
        // The old and new of a change hold what their field's column holds.
        {Entity::opportunity_change, "new", "decimal", "48000.00", "'48000'"},
        {Entity::opportunity_change, "new", "date", "2026-11-20", "'2026-11-20'"},
    }));
    DYNAMIC_SECTION(c.field << " as '" << c.as << "' from '" << c.text << "'") {
        const FieldRule compiled = rule(c.entity, c.field, entry(c.as));
        CHECK(shown(compiled, std::string_view{c.text}) == c.expected);
        CHECK(shown(compiled, std::string_view{""}) == "null");
        CHECK(shown(compiled, std::nullopt) == "null");
    }
}

TEST_CASE("a number is read as its format's sample writes it") {
    struct Case {
        const char* format;
        const char* text;
        const char* expected;
    };
    const auto c = GENERATE(values<Case>({
        {"1.234,50", "48.000,10", "'48000.1'"},
        {"1.234,50", "1.234.567,5", "'1234567.5'"},
        {"1.234,50", "-7", "'-7'"},
        {"1.234,50", "0,5", "'0.5'"},
        {"1234,50", "48000,10", "'48000.1'"},
        {"1234,50", "48.000", "malformed"},
        {"1,234.50", "48,000.10", "'48000.1'"},
        {"1 234,50", "48 000,10", "'48000.1'"},
        {"1 234,50", "48\u00A0000,10", "'48000.1'"},
        {"1 234,50", "48\u202F000,10", "'48000.1'"},
        {"1'234.50", "48'000.10", "'48000.1'"},
        // What another format has written would be another number.
        {"1.234,50", "48000.10", "malformed"},
        {"1.234,50", "1.5", "malformed"},
        {"1,234.50", "1,5", "malformed"},
        {"1,234.50", "12,34,567.50", "'1234567.5'"},
        {"1.234,50", ".234", "malformed"},
        {"1.234,50", "EUR 5", "malformed"},
        {"1.234,50", "1,2,3", "malformed"},
    }));
    CAPTURE(c.format, c.text);
    CHECK(shown(rule(Entity::opportunity, "amount", entry("decimal", c.format)), c.text) ==
          c.expected);
    CHECK(expectation(rule(Entity::opportunity, "amount", entry("decimal", c.format))) ==
          std::string{"a number like "} + c.format);
}

TEST_CASE(
    "what the manifest itself says of a number is written plainly, whatever the CRM's format") {
    auto mapped = entry("decimal", "1.234,50");
    mapped.values = {{"low", "0.5"}};
    CHECK(shown(rule(Entity::opportunity, "amount", mapped), "low") == "'0.5'");
    CHECK(shown(rule(Entity::opportunity, "amount", mapped), "1.000,5") == "'1000.5'");
}

TEST_CASE("a format of numbers that is no number is told") {
    for (const auto* format : {"%d", "1234", ",5", "5,", "1.2,3.4", "1_234.5", "1.234.50"}) {
        CAPTURE(format);
        CHECK(problems_of(Entity::opportunity, "amount", entry("decimal", format))
                  .find("is no number, write one as the CRM would") != std::string::npos);
    }
}

TEST_CASE("what is expected of a time is the format that was given") {
    CHECK(expectation(rule(Entity::call, "started_at", entry("", "%d.%m.%Y %H:%M"))) ==
          "the format \"%d.%m.%Y %H:%M\"");
    CHECK(expectation(rule(Entity::call, "started_at", entry())) ==
          "a time like 2026-11-20T08:15:00Z");
}

TEST_CASE("what a manifest calls an outcome or a direction is one that means anything") {
    auto mapped = entry();
    mapped.values = {{"talked", "conected"}};
    CHECK(problems_of(Entity::call, "outcome", mapped) ==
          "maven.toml:7:1: \"conected\" is no outcome that means anything, did you mean "
          "\"connected\"?\n");
    MapEntry constant;
    constant.constant = "sideways";
    constant.place = {"maven.toml", 8, 1};
    CHECK(problems_of(Entity::call, "direction", constant) ==
          "maven.toml:8:1: \"sideways\" is no direction that means anything, write one of "
          "outbound, inbound\n");
    auto otherwise = entry();
    otherwise.values = {{"talked", "connected"}, {"missed", ""}};
    otherwise.otherwise = "othr";
    CHECK(problems_of(Entity::call, "outcome", otherwise).find("did you mean \"other\"?") !=
          std::string::npos);
    // What a meeting comes to is another list, and a type is any word.
    mapped.values = {{"done", "held"}};
    CHECK(problems_of(Entity::meeting, "outcome", mapped).empty());
    CHECK(problems_of(Entity::opportunity, "type", mapped).empty());
}

TEST_CASE("a duration of two parts is hours and minutes where its format says so") {
    const auto compiled = rule(Entity::call, "duration_s", entry("clock_to_s", "%H:%M"));
    CHECK(shown(compiled, "02:46") == "9960");  // 2 h and 46 min
    CHECK(shown(compiled, "0:02:46") == "166");
}

TEST_CASE("a date as written stays that date, and a timestamp's date is the local day") {
    const Zone auckland = *Zone::find("Pacific/Auckland");  // UTC+13 in November
    const auto compiled = rule(Entity::task, "due_on", entry("date"), auckland);
    CHECK(shown(compiled, "2026-11-20") == "'2026-11-20'");
    CHECK(shown(compiled, "2026-11-20T23:30:00") == "'2026-11-20'");
    CHECK(shown(compiled, "2026-11-20T23:30:00Z") == "'2026-11-21'");
    CHECK(shown(compiled, "2026-11-20T10:30:00Z") == "'2026-11-20'");
    const auto german = rule(Entity::task, "due_on", entry("date", "%d.%m.%Y"), auckland);
    CHECK(shown(german, "20.11.2026") == "'2026-11-20'");
}

TEST_CASE("an entry's own zone goes before the source's") {
    MapEntry with_zone = entry("instant");
    with_zone.zone = "Asia/Jerusalem";  // UTC+2 in February
    const auto compiled = rule(Entity::call, "started_at", with_zone, *Zone::find("America/Lima"));
    model::Page page;
    const auto value = convert(compiled, "1999-02-01 06:33:51", page);
    REQUIRE(value);
    CHECK(format_instant(from_millis(std::get<std::int64_t>(*value))) == "1999-02-01T04:33:51Z");
}

TEST_CASE("a value map translates, and otherwise speaks for what it does not name") {
    MapEntry direction = entry();
    direction.values = {{"OUT", "outbound"}, {"", "inbound"}, {"TEST", ""}};
    const auto open = rule(Entity::call, "direction", direction);
    CHECK(shown(open, " OUT ") == "'outbound'");
    CHECK(shown(open, "") == "'inbound'");
    CHECK(shown(open, std::nullopt) == "'inbound'");
    CHECK(shown(open, "TEST") == "null");
    CHECK(shown(open, "fax") == "'fax'");

    MapEntry won = entry();
    won.values = {{"Won", "true"}};
    won.otherwise = "false";
    const auto closed = rule(Entity::opportunity, "is_won", won);
    CHECK(shown(closed, "Won") == "1");
    CHECK(shown(closed, "Lost") == "0");
    CHECK(shown(closed, "") == "null");
}

TEST_CASE("a constant is the value of every record") {
    MapEntry constant;
    constant.constant = "stage";
    CHECK(shown(rule(Entity::opportunity_change, "field", constant), std::nullopt) == "'stage'");
}

TEST_CASE("the record's own id and version are rules as well") {
    const auto id = rule(Entity::call, "id", entry());
    CHECK(id.field == no_field);
    CHECK(shown(id, " 301 ") == "'301'");
    const auto modified = rule(Entity::call, "modified", entry());
    CHECK(shown(modified, "2026-11-20T08:15:00Z") == "1795162500000");
}

TEST_CASE("a mistake in a mapping is told with its place and the remedy") {
    const std::string place = "maven.toml:7:1: ";
    CHECK(problems_of(Entity::opportunity, "amuont", entry()) ==
          place + "opportunity has no field \"amuont\", did you mean \"amount\"?\n");
    CHECK(problems_of(Entity::opportunity, "amount", entry("decimel")) ==
          place + "unknown conversion \"decimel\", did you mean \"decimal\"?\n");
    CHECK(problems_of(Entity::opportunity, "close_date", entry("instant")) ==
          place + "the conversion \"instant\" cannot fill \"close_date\", which is a date, leave "
                  "`as` out, which means \"date\" here\n");
    CHECK(problems_of(Entity::opportunity, "close_date", entry("date", "%d.%m"))
              .find("does not name a whole date") != std::string::npos);
    CHECK(
        problems_of(Entity::opportunity, "name", entry("", "%d")).find("a format means nothing") !=
        std::string::npos);

    MapEntry wrong_zone = entry();
    wrong_zone.zone = "Europe/Brelin";
    CHECK(problems_of(Entity::task, "due_at", wrong_zone).find("unknown time zone") !=
          std::string::npos);
    MapEntry nothing;
    CHECK(problems_of(Entity::task, "due_at", nothing).find("mapped from nothing") !=
          std::string::npos);
    MapEntry both = entry();
    both.constant = "x";
    CHECK(problems_of(Entity::call, "subject", both).find("a constant beside") !=
          std::string::npos);
    MapEntry wrong_value = entry();
    wrong_value.values = {{"Won", "ture"}};
    CHECK(
        problems_of(Entity::opportunity, "is_won", wrong_value).find("\"ture\" does not convert") !=
        std::string::npos);
    MapEntry only_otherwise = entry();
    only_otherwise.otherwise = "x";
    CHECK(problems_of(Entity::call, "subject", only_otherwise).find("without `values`") !=
          std::string::npos);
}
