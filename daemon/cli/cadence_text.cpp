// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/cadence_text.hpp"

#include "connectors/base/instant.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/table.hpp"

#include <fmt/format.h>

#include <array>

namespace nudged::cli {
namespace {

using checks::Cadence;
using checks::Kept;

struct Row {
    const char* key;
    const char* label;
    Kept Cadence::*kept;
};
constexpr std::array rows{
    Row{"one_on_one", "1:1s held", &Cadence::one_on_one},
    Row{"logged", "noted within 2 working days", &Cadence::logged},
    Row{"specific", "with a number and a week agreed", &Cadence::specific},
    Row{"followed_up", "commitments followed up", &Cadence::followed_up},
    Row{"scrum", "weeks with a scrum", &Cadence::scrum},
    Row{"short_scrum", "scrums of 5 minutes a rep or less", &Cadence::short_scrum},
    Row{"joint_calls", "reps joined on a call in 4 weeks", &Cadence::joint},
    Row{"career_talks", "reps with a career talk in 6 months", &Cadence::career},
    Row{"plan_reviews", "reps with a plan reviewed in 8 weeks", &Cadence::plan_review},
    Row{"praise", "weeks of reps with a praise", &Cadence::praise},
};

std::string share_text(const Kept& kept) {
    if (!kept.is_recorded) return "not recorded";
    const auto share = kept.share();
    return share ? fmt::format("{:.1f} %", 100 * *share) : "nothing was due";
}

std::string goal_text(const Kept& kept) {
    return kept.goal > 0 ? fmt::format("{:.0f} %", 100 * kept.goal) : "";
}

std::string count_text(const Kept& kept) {
    return kept.is_recorded && kept.of > 0 ? fmt::format("{} of {}", kept.done, kept.of) : "";
}

std::string time_text(const CadenceOf& of) {
    const auto& time = of.cadence.time;
    if (time.timed == 0)
        return "\nTime spent coaching: not recorded (--minutes of `nudged note add`).\n";
    const double hours = time.minutes / 60.0;
    return fmt::format("\nTime spent coaching: {:.1f} hours, {:.1f} a week; {} of {} talks say how "
                       "long they took.\n",
                       hours, hours / of.weeks, time.timed, time.talks);
}

}  // namespace

std::string cadence_text(const CadenceOf& of) {
    auto text = fmt::format("{}: {} weeks from {}, a 1:1 every {} days\n\n", for_terminal(of.team),
                            of.weeks, format_date(of.first), of.one_on_one_days);
    Table table(
        {Table::Align::left, Table::Align::right, Table::Align::right, Table::Align::right});
    table.row({"", "", "", "goal"});
    for (const auto& row : rows) {
        const auto& kept = of.cadence.*row.kept;
        table.row({row.label, count_text(kept), share_text(kept), goal_text(kept)});
    }
    text += table.str();
    text += time_text(of);
    if (of.cadence.excused > 0)
        text +=
            fmt::format("\n{} 1:1s were excused: rep or manager was away.\n", of.cadence.excused);
    if (of.cadence.gaps.empty()) return text;
    text += "\nSince the last 1:1:\n";
    for (const auto& gap : of.cadence.gaps)
        text += fmt::format("  {}: {}{}{}\n", for_terminal(gap.rep),
                            checks::days_text(gap.working_days),
                            gap.last ? ", since " + format_date(*gap.last) : ", none yet",
                            gap.working_days > gap.limit
                                ? fmt::format(" (more than {})", checks::number_text(gap.limit))
                                : "");
    return text;
}

std::string cadence_json(const std::vector<CadenceOf>& all) {
    Json json;
    json.begin_array();
    for (const auto& of : all) {
        json.begin_object()
            .field("team", of.team)
            .field("first", format_date(of.first))
            .field("weeks", of.weeks)
            .field("one_on_one_days", of.one_on_one_days)
            .field("excused", of.cadence.excused);
        for (const auto& row : rows) {
            const auto& kept = of.cadence.*row.kept;
            json.key(row.key).begin_object().field("recorded", kept.is_recorded);
            if (kept.is_recorded) json.field("done", kept.done).field("of", kept.of);
            json.field("share", kept.share()).field("goal", kept.goal).end_object();
        }
        json.key("time").begin_object().field("minutes", of.cadence.time.minutes);
        json.field("timed", of.cadence.time.timed).field("talks", of.cadence.time.talks);
        json.end_object().key("gaps").begin_array();
        for (const auto& gap : of.cadence.gaps) {
            json.begin_object().field("rep", gap.rep).field("working_days", gap.working_days);
            if (gap.last) json.field("last", format_date(*gap.last));
            json.field("limit", gap.limit).end_object();
        }
        json.end_array().end_object();
    }
    json.end_array();
    return json.str();
}

}  // namespace nudged::cli
