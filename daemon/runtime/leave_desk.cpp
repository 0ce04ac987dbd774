// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/leave_desk.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "daemon/runtime/note_draft.hpp"
#include "daemon/warehouse/snapshots.hpp"
#include "daemon/warehouse/time_off.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

namespace nudged::runtime {
namespace {

using warehouse::Away;
using warehouse::AwayId;
using warehouse::Database;

constexpr std::chrono::days longest_leave{731};

struct Leave {
    warehouse::OnRoster somebody;
    std::chrono::local_days from;
    std::chrono::local_days to;
    double share = 1;
};

/// From "rep", "from", "to" and "half"; throws Failure(refused) that says what is wrong.
Leave read_leave(const config::Config& config, const Values& values) {
    Leave leave;
    for (const auto* name : {"rep", "from"})
        if (trim(values(name)).empty())
            refuse(fmt::format("time off says who and from when, and \"{}\" is missing, such as: "
                               "nudged away add --rep ana --from 2026-12-21 --to 2027-01-01",
                               name));
    leave.somebody =
        warehouse::find_on_roster(config.roster, values("rep"), warehouse::Role::anybody);
    leave.from = read_day("from", values("from"));
    const auto last = values("to");
    leave.to = last.empty() ? leave.from : read_day("to", last);
    if (leave.to < leave.from) refuse("time off ends before it begins: --to is the last day off");
    if (leave.to - leave.from > longest_leave)
        refuse("time off of more than two years: say in teams.toml, with until, that somebody has "
               "left");
    const auto half = to_lower_ascii(trim(values("half")));
    const bool is_whole = half.empty() || half == "no" || half == "false" || half == "0";
    if (!is_whole && half != "yes" && half != "true" && half != "1")
        refuse(fmt::format("half is yes or no, not \"{}\"", half));
    leave.share = is_whole ? 1 : 0.5;
    return leave;
}

/// One reading of a sheet, against what is stored. Inside a write transaction.
class LeaveSheet {
public:
    LeaveSheet(Database& database, const std::string& sheet, Instant now)
        : database_(database), sheet_(sheet), now_(now), stored_(warehouse::read_away(database)) {}

    void take(warehouse::PersonId person, const Leave& leave, SheetTaken& taken) {
        const auto known = std::find_if(stored_.begin(), stored_.end(), [&](const Away& away) {
            return away.person == person && away.from == leave.from && away.to == leave.to;
        });
        if (known != stored_.end()) {
            told_.insert(known->id);
            if (known->share == leave.share) return;
            ++taken.changed;
        } else {
            ++taken.stored;
        }
        told_.insert(warehouse::store_away(database_, person, leave.from, leave.to, leave.share,
                                           now_, sheet_));
    }

    void remove_the_rest(SheetTaken& taken) {
        std::vector<AwayId> gone;
        std::size_t all = 0;
        for (const auto& away : stored_) {
            if (away.origin != sheet_) continue;
            ++all;
            if (!told_.contains(away.id)) gone.push_back(away.id);
        }
        const bool is_empty = told_.empty() && all > 0;
        if (is_empty || warehouse::is_too_many(gone.size(), all)) {
            taken.refused.push_back(fmt::format(
                "{} of {} entries are no longer in the sheet, and stay: is it whole? If so, take "
                "them back with `nudged away remove`",
                gone.size(), all));
            return;
        }
        for (const auto id : gone) warehouse::remove_away(database_, id);
        taken.removed = static_cast<int>(gone.size());
    }

private:
    Database& database_;
    const std::string& sheet_;
    Instant now_;
    std::vector<Away> stored_;
    std::set<AwayId> told_;
};

}  // namespace

asio::awaitable<CareReport> add_away(const CareContext& context, ControlRequest request) {
    const auto& config = context.config;
    const auto leave = read_leave(
        config, [&](std::string_view name) { return request.argument(std::string{name}); });
    const auto now = context.clock();
    auto store = [&](Database& database) {
        const auto person = settle_person(database, config, leave.somebody);
        return warehouse::store_away(database, person, leave.from, leave.to, leave.share, now);
    };
    const auto stored = co_await context.writer.run(store);
    const auto id = static_cast<std::int64_t>(stored);
    CareReport report;
    report.facts["away"] = fmt::format("{}", id);
    report.sentences.push_back(fmt::format("away {}: {} to {}{}", id, format_date(leave.from),
                                           format_date(leave.to),
                                           leave.share < 1 ? ", half days" : ""));
    co_return report;
}

asio::awaitable<CareReport> take_away_back(const CareContext& context, ControlRequest request) {
    const auto id =
        read_number("away", request.argument("id"), 1, std::numeric_limits<std::int64_t>::max());
    auto remove = [&](Database& database) {
        return warehouse::remove_away(database, warehouse::AwayId{id});
    };
    const bool was_there = co_await context.writer.run(remove);
    if (!was_there)
        refuse(
            fmt::format("there is no away {}; `nudged away list` shows those that there are", id));
    CareReport report;
    report.sentences.push_back(fmt::format("away {} is removed", id));
    co_return report;
}

asio::awaitable<SheetTaken> take_leave(const CareContext& context, std::string sheet,
                                       std::vector<SheetRow> rows) {
    SheetTaken taken;
    std::vector<Leave> leaves;
    for (const auto& row : rows) {
        try {
            leaves.push_back(read_leave(context.config, [&](std::string_view name) {
                const auto cell = row.find(std::string{name});
                return cell == row.end() ? std::string{} : cell->second;
            }));
        } catch (const Failure& failure) {
            taken.refused.push_back(fmt::format("{}: {}", row_text(row), failure.what()));
        }
    }
    const auto now = context.clock();
    auto write = [&](Database& database) {
        LeaveSheet stored(database, sheet, now);
        for (const auto& leave : leaves)
            stored.take(settle_person(database, context.config, leave.somebody), leave, taken);
        if (taken.refused.empty()) stored.remove_the_rest(taken);
    };
    co_await context.writer.run(write);
    co_return taken;
}

}  // namespace nudged::runtime
