// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/clock_leap.hpp"

#include <fmt/format.h>

#include <optional>

namespace nudged::warehouse {
namespace {

using std::chrono::hours;

constexpr std::chrono::days longest_leap{30};
constexpr hours time_in_doubt{24};
/// Moments come in from several threads, not quite in order; and are not worth a write each.
constexpr hours worth_noting{1};

struct Leap {
    Instant from, to;
};

/// What the clock has shown: a row of upkeep. done_at is the latest moment; of a leap in doubt
/// failed_at is where it went, and failure where from.
struct Shown {
    std::optional<Instant> latest;
    std::optional<Leap> leap;
};

Shown read_shown(const Database& database) {
    auto row =
        database.prepare("SELECT done_at, failed_at, failure FROM upkeep WHERE task = 'clock'");
    if (row.step()) {
        Shown shown{.latest = row.maybe_instant(0), .leap = {}};
        const auto from = parse_instant(row.text(2));
        if (const auto to = row.maybe_instant(1); to && from) shown.leap = {*from, *to};
        return shown;
    }
    // It was right, as far as anybody knows, when the retention was last applied.
    auto applied = database.prepare("SELECT done_at FROM upkeep WHERE task = 'retention'");
    return {.latest = applied.step() ? applied.maybe_instant(0) : std::nullopt, .leap = {}};
}

void write_shown(Database& database, const Shown& shown) {
    auto row = database.prepare("INSERT OR REPLACE INTO upkeep (task, done_at, failed_at, failure) "
                                "VALUES ('clock', ?1, ?2, ?3)");
    row.bind(1, *shown.latest);
    const auto from = shown.leap ? format_instant(shown.leap->from) : std::string{};
    if (shown.leap) row.bind(2, shown.leap->to).bind(3, std::string_view{from});
    row.run();
}

}  // namespace

std::string doubt_clock(Database& database, Instant now) {
    auto shown = read_shown(database);
    auto& leap = shown.leap;
    const bool was_in_doubt = leap.has_value();
    if (shown.latest && now - *shown.latest > longest_leap)
        leap = {*shown.latest, now};
    else if (leap && (leap->to - now > worth_noting || now - leap->to >= time_in_doubt))
        leap.reset();  // it was set back, or nobody has set it back for a day
    if (!shown.latest || std::chrono::abs(now - *shown.latest) >= worth_noting ||
        leap.has_value() != was_in_doubt) {
        shown.latest = now;
        write_shown(database, shown);
    }
    if (!leap) return {};
    return fmt::format("the clock went from {} to {} at once: set it, if the machine was not off "
                       "for so long; until {} nothing is past its time",
                       format_instant(leap->from), format_instant(leap->to),
                       format_instant(leap->to + time_in_doubt));
}

}  // namespace nudged::warehouse
