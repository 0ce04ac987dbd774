// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/warehouse/rollup_script.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <set>

namespace nudged::tests {
namespace {

using warehouse::Database;

/// The C library's answer, which knows one zone at a time; each question is asked once.
std::string local_day(const std::string& zone, std::int64_t millis) {
    static std::map<std::pair<std::string, std::int64_t>, std::string> known;
    const auto found = known.find({zone, millis});
    if (found != known.end()) return found->second;
    const char* before = std::getenv("TZ");
    const std::string restored = before ? before : "";
    setenv("TZ", zone.c_str(), 1);
    tzset();
    const std::time_t seconds = millis / 1000;
    std::tm local{};
    localtime_r(&seconds, &local);
    if (before)
        setenv("TZ", restored.c_str(), 1);
    else
        unsetenv("TZ");
    tzset();
    return known[{zone, millis}] = fmt::format("{:04}-{:02}-{:02}", local.tm_year + 1900,
                                               local.tm_mon + 1, local.tm_mday);
}

/// In hundredths, as worked out by hand.
std::int64_t hundredths_of(std::string_view amount) {
    static const std::map<std::string_view, std::int64_t> known{
        {"1", 100}, {"2.50", 250}, {"-3.999", -400}, {"0.005", 1}};
    return known.at(amount);
}

struct Rule {
    const char* measure;
    const char* entity;
    const char* when;   // an instant, or a date
    const char* value;  // a whole number, or an amount
    const char* condition;
    const char* by = "NULL";  // an instant that must not lie after that day
};

constexpr const char* made = "r.is_planned IS NOT 1";
constexpr const char* won = "coalesce(r.is_closed, g.is_closed, r.is_won, g.is_won, 0) <> 0 AND "
                            "coalesce(r.is_won, g.is_won) = 1";

const std::vector<Rule>& rules() {
    static const std::string dial =
        fmt::format("{} AND (r.direction IS NULL OR r.direction = 'outbound')", made);
    static const std::string connect =
        dial + " AND CASE WHEN r.outcome IS NULL THEN coalesce(r.duration_s, 0) >= 60 ELSE "
               "r.outcome = 'connected' END";
    static const std::string talk =
        fmt::format("{} AND coalesce(r.outcome, 'connected') = 'connected'", made);
    static const std::string taken = talk + " AND r.direction = 'inbound'";
    static const std::string lost =
        "coalesce(r.is_closed, g.is_closed, r.is_won, g.is_won, 0) <> 0 AND "
        "coalesce(r.is_won, g.is_won) = 0";
    static const char* meant = "r.is_cancelled IS NOT 1 AND r.is_series IS NOT 1";
    static const std::string done =
        fmt::format("{} AND r.is_done = 1 AND r.completed_at IS NOT NULL", meant);
    static const char* begun = "coalesce(r.started_at, r.created_at)";
    static const char* closed = "coalesce(r.closed_at, r.close_date)";
    static const std::vector<Rule> all{
        {"dials", "call", begun, "1", dial.c_str()},
        {"connects", "call", begun, "1", connect.c_str()},
        {"talk_seconds", "call", begun, "coalesce(r.duration_s, 0)", talk.c_str()},
        {"inbound_calls", "call", begun, "1", taken.c_str()},
        {"noise/1", "call", "r.started_at", "1", "r.direction = 'inbound'"},
        {"noise/0", "call", "r.started_at", "1", "r.duration_s >= 100"},
        {"meetings_held", "meeting", "r.starts_at", "1", "coalesce(r.outcome, 'held') = 'held'"},
        {"tasks_completed", "task", "r.completed_at", "1",
         "r.is_done = 1 AND r.is_cancelled IS NOT 1 AND r.is_series IS NOT 1"},
        {"tasks_due", "task", "coalesce(r.due_on, r.due_at)", "1", meant},
        {"tasks_on_time", "task", "coalesce(r.due_on, r.due_at)", "1", done.c_str(),
         "r.completed_at"},
        {"emails_sent", "email", "r.sent_at", "1",
         "r.direction = 'outbound' AND coalesce(r.status, 'sent') = 'sent'"},
        {"opportunities_created", "opportunity", "r.created_at", "1", "1"},
        {"wins", "opportunity", closed, "1", won},
        {"losses", "opportunity", closed, "1", lost.c_str()},
        {"won_amount", "opportunity", closed, "r.amount", won}};
    return all;
}

void count(const Database& database, const Rule& rule, const std::string& measure, Sums& sums) {
    const std::string_view entity = rule.entity;
    auto rows = database.prepare(fmt::format(
        "SELECT s.name, r.owner, u.time_zone, {}, {}, {} FROM {} r JOIN source s ON s.id = "
        "r.source_id "
        "LEFT JOIN user u ON u.source_id = r.source_id AND u.external_id = r.owner {} "
        "WHERE r.deleted_at IS NULL AND r.owner IS NOT NULL AND {}",
        rule.when, rule.value, rule.by, rule.entity,
        entity == "opportunity"
            ? "LEFT JOIN stage g ON g.source_id = r.source_id AND g.external_id = r.stage"
            : "",
        rule.condition));
    while (rows.step()) {
        if (rows.is_null(3) || rows.is_null(4)) continue;
        std::string zone{rows.text(2)};
        if (zone.empty() || zone == "nonsense") zone = "UTC";
        const auto day =
            rows.is_integer(3) ? local_day(zone, rows.integer(3)) : std::string{rows.text(3)};
        if (!rows.is_null(5) && local_day(zone, rows.integer(5)) > day) continue;
        const auto value = rows.is_integer(4) ? rows.integer(4) : hundredths_of(rows.text(4));
        sums[{std::string{rows.text(0)}, std::string{rows.text(1)}, measure, day}] += value;
    }
}

}  // namespace

Sums count_naively(const Database& database, std::int64_t noise) {
    Sums sums;
    for (const auto& rule : rules()) {
        const std::string name = rule.measure;
        if (!name.starts_with("noise"))
            count(database, rule, name, sums);
        else if (name == fmt::format("noise/{}", noise % 2))
            count(database, rule, std::string{noise_measure}, sums);
    }
    std::erase_if(sums, [](const auto& entry) { return entry.second == 0; });
    return sums;
}

Sums stored_sums(const Database& database) {
    Sums sums;
    auto rows = database.prepare(
        "SELECT s.name, o.user, m.name, date(r.day * 86400, 'unixepoch'), r.value "
        "FROM rollup r JOIN rollup_measure m ON m.id = r.measure_id AND m.name IS NOT NULL "
        "JOIN rollup_user o ON o.id = r.user_id JOIN source s ON s.id = o.source_id");
    while (rows.step())
        sums[{std::string{rows.text(0)}, std::string{rows.text(1)}, std::string{rows.text(2)},
              std::string{rows.text(3)}}] = rows.integer(4);
    keep_readable(sums, database);
    return sums;
}

void keep_readable(Sums& sums, const Database& database) {
    std::set<std::string> measures;
    std::set<std::pair<std::string, std::string>> users;
    auto measure = database.prepare(
        "SELECT name FROM rollup_measure WHERE name IS NOT NULL AND counted_to IS NOT NULL");
    while (measure.step()) measures.emplace(measure.text(0));
    auto user = database.prepare(
        "SELECT s.name, o.user FROM rollup_recount c JOIN rollup_user o ON o.id = c.user_id "
        "JOIN source s ON s.id = o.source_id WHERE c.entity IS NOT NULL");
    while (user.step()) users.emplace(user.text(0), user.text(1));
    std::erase_if(sums, [&](const auto& entry) {
        const auto& [source, name, what, day] = entry.first;
        return measures.contains(what) || users.contains({source, name});
    });
}

std::string differences(const Sums& stored, const Sums& counted) {
    std::string text;
    const auto tell = [&](const auto& key, std::int64_t one, std::int64_t other) {
        const auto& [source, user, measure, day] = key;
        text += fmt::format("{} {} {} {}: stored {}, counted {}\n", source, user, measure, day, one,
                            other);
    };
    for (const auto& [key, value] : counted) {
        const auto found = stored.find(key);
        const auto other = found == stored.end() ? 0 : found->second;
        if (other != value) tell(key, other, value);
    }
    for (const auto& [key, value] : stored)
        if (!counted.contains(key)) tell(key, value, 0);
    return text;
}

}  // namespace nudged::tests
