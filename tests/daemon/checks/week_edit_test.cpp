// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/weeks.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

namespace {

/// Looks at the weeks as the daemon does after each round.
void look(Office& office, Instant now) {
    std::vector<warehouse::WeekValue> news;
    {
        const auto people = office.world.people();
        const auto reader = office.world.reader();
        const checks::Scene scene{reader, people, office.options, now};
        news =
            warehouse::read_news(reader, checks::complete_weeks(checks::read_kpi_series(scene, 8)));
    }
    warehouse::note_weeks(office.world.database(), news, now);
}

/// Ana's edits as her scorecard of six weeks shows them: "2026-W45 40>43 at 12:00".
std::vector<std::string> shown(Office& office, Instant as_of) {
    std::vector<std::string> lines;
    const auto card = office.scorecard(6, "", "ana@example.com", as_of);
    for (const auto& edit : card.reps.at(0).kpis.at(0).edits)
        lines.push_back(fmt::format("{} {:g}>{:g} at {}", edit.week.str(), edit.before, edit.after,
                                    format_instant(edit.seen_at).substr(11, 5)));
    return lines;
}

using Lines = std::vector<std::string>;
const auto w45 = IsoWeek::parse("2026-W45") -> monday();

}  // namespace

TEST_CASE("a week that changes after it was complete is shown with what it was, and since when") {
    Office office;
    office.dials(90);
    office.week_of_calls("ana", "2026-W44", 50);
    office.week_of_calls("ana", "2026-W45", 40);
    office.week_of_calls("ana", "2026-W46", 41);
    look(office, friday);
    CHECK(shown(office, friday).empty());  // what was there from the beginning is no edit

    office.calls("ana", w45 + std::chrono::days{2}, 3);
    office.calls("ana", day(std::chrono::year{2026} / 11 / 19), 5);  // the week goes on
    look(office, friday + 1h);
    CHECK(shown(office, friday + 1h) == Lines{"2026-W45 40>43 at 13:00"});
    CHECK(shown(office, friday).empty());  // as of then nobody knew

    look(office, friday + 2h);
    CHECK(shown(office, friday + 2h).size() == 1);                // told once
    office.world.call("call-51").deleted().fetched(friday + 3h);  // the first one of W45
    look(office, friday + 3h);
    CHECK(shown(office, friday + 3h) ==
          Lines{"2026-W45 40>43 at 13:00", "2026-W45 43>42 at 15:00"});
}

TEST_CASE("a week that was not proven when it was looked at has nothing to be compared with") {
    Office office;
    office.dials(90);
    office.week_of_calls("ana", "2026-W44", 50);
    office.week_of_calls("ana", "2026-W45", 40);
    // The CRM was last heard of before the week had settled.
    office.world.mark_complete(model::Entity::call, noon(std::chrono::year{2026} / 11 / 9));
    look(office, friday);
    office.calls("ana", w45, 3);
    office.world.mark_all_complete(friday + 1h);
    look(office, friday + 1h);
    CHECK(shown(office, friday + 1h).empty());
}

TEST_CASE("another source that knows a person begins their weeks anew") {
    Office office;
    office.dials(90);
    office.week_of_calls("ana", "2026-W44", 50);
    office.week_of_calls("ana", "2026-W45", 40);
    look(office, friday);
    office.world.in("sheet");
    office.week_of_calls("ana", "2026-W44", 1);
    office.week_of_calls("ana", "2026-W45", 7);
    office.world.mark_all_complete(friday);
    look(office, friday + 1h);
    CHECK(shown(office, friday + 1h).empty());
    office.calls("ana", w45, 1);
    look(office, friday + 2h);
    CHECK(shown(office, friday + 2h) == Lines{"2026-W45 47>48 at 14:00"});
}
