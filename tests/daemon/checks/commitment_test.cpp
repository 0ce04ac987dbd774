// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/coaching/judgement.hpp"
#include "daemon/warehouse/findings.hpp"
#include "daemon/warehouse/recount.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using Catch::Contains;
using warehouse::Commitment;

// Week 46 of 2026 ends on Monday 16 November at 0:00 UTC and has settled on Tuesday at noon.

namespace {

IsoWeek week(std::string_view text) {
    return IsoWeek::parse(text).value();
}

/// Ana's office with dials of 90, and a week of her past so that figures are known.
struct CoachedOffice : Office {
    CoachedOffice() {
        dials(90);
        week_of_calls("ana", "2026-W40", 40);
    }

    std::int64_t agree(std::string_view due, double from, double to) {
        Commitment commitment{.person = world.person("ana"),
                              .kpi = "dials",
                              .week = week(due),
                              .baseline = from,
                              .promised = to,
                              .agreed_by = "max",
                              .agreed_at = noon(2026y / 10 / 1),
                              .made_at = noon(2026y / 10 / 1)};
        return warehouse::insert_commitment(world.database(), commitment);
    }

    void set_away(std::string_view due, int days) {
        auto roster = world.roster();
        for (int i = 0; i < days; ++i)
            roster.teams[0].members[0].away[week(due).monday() + std::chrono::days{i}] = 1;
        world.set_roster(roster);
    }

    /// What the daemon does after each round.
    checks::Judgement judge(Instant as_of = friday) {
        checks::Judgement judgement;
        {
            const auto people = world.people();
            const auto reader = world.reader();
            judgement = checks::judgement_of({reader, people, options, as_of});
        }
        for (auto& one : judgement.commitments) one.rep = nullptr;  // they were the scene's
        checks::note_judgement(world.database(), judgement);
        return judgement;
    }

    /// "1 met 52" of every verdict that is stored.
    std::vector<std::string> stored() {
        std::vector<std::string> lines;
        for (const auto& verdict : warehouse::read_verdicts(world.database(), {}))
            lines.push_back(fmt::format("{} {} {}", verdict.commitment, verdict.status,
                                        verdict.value ? fmt::format("{:g}", *verdict.value) : "-"));
        return lines;
    }

    /// "commit.kept" of everything that is found about commitments.
    std::vector<std::string> told(Instant as_of = friday) {
        std::vector<std::string> ids;
        for (const auto& finding : find("", as_of))
            if (finding.check.starts_with("commit.")) ids.push_back(finding.check);
        return ids;
    }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a kept commitment is praised with what was agreed and the next rung") {
    CoachedOffice office;
    office.agree("2026-W46", 40, 50);
    office.week_of_calls("ana", "2026-W46", 52);
    office.judge();
    CHECK(office.stored() == Lines{"1 met 52"});
    const auto found = office.find("commit.kept");
    REQUIRE(found.size() == 1);
    CHECK(found[0].is_praise);
    CHECK(found[0].aspect == "dials/2026-W46");
    CHECK(found[0].summary == "Kept. Dials: 52 in 2026-W46 (agreed 50, from 40).");
    CHECK(found[0].question == "What made the difference? Next rung, if both agree: 60.");
    CHECK(found[0].evidence.at(0).value == "52 of 50, 5 days worked, 120 % of the way");
    CHECK(found[0].evidence.at(1).value == "50, from 40, by max on 2026-10-01");
    CHECK(office.told() == Lines{"commit.kept"});
}

TEST_CASE("what came about in part, or not, is told with the two questions") {
    CoachedOffice office;
    office.agree("2026-W46", 40, 50);
    SECTION("in part") {
        office.week_of_calls("ana", "2026-W46", 43);
        office.judge();
        CHECK(office.stored() == Lines{"1 some 43"});
        CHECK(office.told() == Lines{"commit.partly"});
    }
    SECTION("not") {
        office.week_of_calls("ana", "2026-W46", 38);
        office.judge();
        CHECK(office.stored() == Lines{"1 missed 38"});
        const auto found = office.find("commit.missed");
        REQUIRE(found.size() == 1);
        CHECK(found[0].summary == "Dials: 38 in 2026-W46 (agreed 50, from 40).");
        CHECK(found[0].question == "What worked, what got in the way?");
        CHECK(office.told() == Lines{"commit.missed"});
    }
}

TEST_CASE("the second miss running is one item, with half a step and the question about the KPI") {
    CoachedOffice office;
    office.agree("2026-W45", 40, 50);
    office.agree("2026-W46", 40, 50);
    office.week_of_calls("ana", "2026-W45", 39);
    office.week_of_calls("ana", "2026-W46", 38);
    CHECK(office.told() == Lines{"commit.missed_twice"});
    const auto found = office.find("commit.missed_twice");
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0].question, Contains("the KPI itself, or the time") && Contains("be 45"));
}

TEST_CASE("the second, fourth and eighth kept in a row are told as such, the third is not") {
    CoachedOffice office;
    for (const auto* due : {"2026-W43", "2026-W44", "2026-W45", "2026-W46"}) {
        office.agree(due, 40, 50);
        office.week_of_calls("ana", due, 50);
    }
    const auto at_week = [&](const char* due) {
        const auto found = office.find(
            "commit.kept", noon(std::chrono::sys_days{
                               (week(due).end() + std::chrono::days{2}).time_since_epoch()}));
        REQUIRE(found.size() == 1);
        return found[0].summary;
    };
    CHECK_THAT(at_week("2026-W43"), !Contains("in a row"));
    CHECK_THAT(at_week("2026-W44"), Contains("The second agreement kept in a row."));
    CHECK_THAT(at_week("2026-W45"), !Contains("in a row"));
    CHECK_THAT(at_week("2026-W46"), Contains("The fourth agreement kept in a row."));
}

TEST_CASE("before a week has settled only what is kept already is told, and nothing is decided") {
    CoachedOffice office;
    office.agree("2026-W46", 40, 50);
    const auto monday = at(2026y / 11 / 16, 7, 30);
    SECTION("not yet") {
        office.week_of_calls("ana", "2026-W46", 38);
        CHECK(office.told(monday).empty());
    }
    SECTION("kept already") {
        office.week_of_calls("ana", "2026-W46", 52);
        CHECK(office.told(monday) == Lines{"commit.kept"});
        CHECK(office.told(at(2026y / 11 / 15, 20)).empty());  // it is Sunday: the week goes on
    }
    office.judge(monday);
    CHECK(office.stored().empty());
}

TEST_CASE("a verdict is told until the next one is in, or ten working days have passed") {
    CoachedOffice office;
    office.agree("2026-W44", 40, 50);
    office.week_of_calls("ana", "2026-W44", 43);
    // Week 44 ended on Sunday 1 November; ten working days later it is Friday 13.
    CHECK(office.told(at(2026y / 11 / 13, 20)) == Lines{"commit.partly"});
    CHECK(office.told(at(2026y / 11 / 16, 8)).empty());
    office.agree("2026-W45", 40, 50);
    office.week_of_calls("ana", "2026-W45", 51);
    CHECK(office.told(at(2026y / 11 / 13, 20)) == Lines{"commit.kept"});
}

TEST_CASE("what the sources do not prove is pending, then unverifiable, then judged after all") {
    CoachedOffice office;
    office.agree("2026-W46", 40, 50);
    office.week_of_calls("ana", "2026-W46", 38);
    office.world.mark_complete(model::Entity::call, noon(2026y / 11 / 16));
    office.judge(at(2026y / 11 / 17, 13));
    CHECK(office.stored().empty());  // one hour after it settled
    office.judge(at(2026y / 11 / 17, 19));
    CHECK(office.stored() == Lines{"1 unverifiable 38"});
    CHECK(office.told(at(2026y / 11 / 17, 19)).empty());
    office.world.mark_complete(model::Entity::call, friday);
    office.judge();
    CHECK(office.stored() == Lines{"1 unverifiable 38", "1 missed 38"});
    CHECK_THAT(warehouse::read_verdicts(office.world.database(), {}).back().rests_on,
               Contains("crm as of 2026-11-20T12:00:00"));
}

TEST_CASE("a later sync changes the verdict, and is told only when it is better for the rep") {
    CoachedOffice office;
    office.agree("2026-W46", 40, 50);
    office.week_of_calls("ana", "2026-W46", 46);
    office.judge();
    SECTION("better") {
        office.calls("ana", day(2026y / 11 / 12), 5);
        office.judge(friday + 1h);
        CHECK(office.stored() == Lines{"1 partly 46", "1 met 51"});
        CHECK(office.told(friday + 1h) == Lines{"commit.kept"});
    }
    SECTION("worse") {
        for (int i = 41; i <= 50; ++i)  // the first forty are those of week 40
            office.world.call(fmt::format("call-{}", i)).deleted().fetched(friday + 1h);
        office.judge(friday + 1h);
        CHECK(office.stored() == Lines{"1 partly 46", "1 missed 36"});
        CHECK(office.told(friday + 1h).empty());
    }
    SECTION("the same") {
        office.judge(friday + 1h);
        CHECK(office.stored() == Lines{"1 partly 46"});
    }
}

TEST_CASE("a week in which the rep was away moves what was agreed to the next usable one") {
    CoachedOffice office;
    office.agree("2026-W46", 40, 50);
    office.week_of_calls("ana", "2026-W46", 12, 1);
    office.set_away("2026-W46", 4);
    office.set_away("2026-W47", 5);
    SECTION("nothing is agreed for that one") {
        office.judge();
        CHECK(office.stored() == Lines{"1 excused 12"});
        const auto moved = warehouse::find_commitment(office.world.database(), 1);
        CHECK(moved->week == week("2026-W48"));  // she is away in all of week 47
        CHECK(moved->revision == 2);
        CHECK(moved->reason == "1 days worked in 2026-W46");
        office.judge(friday + 1h);
        CHECK(office.stored().size() == 1);
        CHECK(office.told(friday + 1h) == Lines{"commit.moved"});
    }
    SECTION("it has an agreement of its own") {
        office.agree("2026-W48", 40, 55);
        office.judge();
        const auto old = warehouse::find_commitment(office.world.database(), 1);
        CHECK(old->state == warehouse::CommitmentState::superseded);
        CHECK_THAT(old->reason, Contains("number 2"));
    }
}

TEST_CASE("who was away for two weeks with an agreement each has one for the week after") {
    CoachedOffice office;
    office.agree("2026-W45", 40, 50);
    office.agree("2026-W46", 40, 60);
    office.set_away("2026-W45", 5);
    office.set_away("2026-W46", 5);
    office.judge();
    const auto first = warehouse::find_commitment(office.world.database(), 1).value();
    const auto second = warehouse::find_commitment(office.world.database(), 2).value();
    CHECK(first.week == week("2026-W47"));
    CHECK(first.state == warehouse::CommitmentState::agreed);
    CHECK(second.week == week("2026-W46"));
    CHECK(second.state == warehouse::CommitmentState::superseded);
    CHECK(second.reason == "0 days worked in 2026-W46, and number 1 is agreed for 2026-W47");
}

TEST_CASE("another wording leaves a verdict as it was, other numbers do not") {
    CoachedOffice office;
    office.agree("2026-W40", 30, 40);
    office.judge(noon(2026y / 10 / 9));
    REQUIRE(office.stored() == Lines{"1 met 40"});
    auto corrected = warehouse::find_commitment(office.world.database(), 1).value();
    ++corrected.revision;
    corrected.made_at = noon(2026y / 10 / 12);
    const auto verdict = [&] {
        // Half a year later the week's figures are read no more.
        const auto judged = office.judge(noon(2027y / 4 / 1)).commitments.at(0).verdict;
        return std::string{to_string(judged.status)};
    };
    SECTION("the wording") {
        corrected.note = "before ten o'clock";
        warehouse::revise_commitment(office.world.database(), corrected);
        CHECK(verdict() == "met");
    }
    SECTION("what was agreed") {
        corrected.promised = 60;
        warehouse::revise_commitment(office.world.database(), corrected);
        CHECK(verdict() == "pending");
    }
}

TEST_CASE("while sums are counted anew verdicts stand, and a week that goes on is not decided") {
    CoachedOffice office;
    office.agree("2026-W46", 40, 50);
    office.agree("2026-W47", 50, 60);
    office.week_of_calls("ana", "2026-W46", 52);
    office.set_away("2026-W47", 4);
    office.judge();
    REQUIRE(office.stored() == Lines{"1 met 52"});
    warehouse::begin_rebuild(office.world.database());
    office.judge(friday + 1h);
    CHECK(office.stored() == Lines{"1 met 52"});
    CHECK(office.told(friday + 1h) == Lines{"commit.kept"});
    CHECK(warehouse::find_commitment(office.world.database(), 2)->revision == 1);
}

TEST_CASE("who has left has no commitments") {
    CoachedOffice office;
    office.agree("2026-W46", 40, 50);
    office.agree("2026-W48", 40, 50);
    office.week_of_calls("ana", "2026-W46", 38);
    auto roster = office.world.roster();
    roster.teams[0].members[0].until = day(2026y / 11 / 17);
    office.world.set_roster(roster);
    office.judge();
    const auto all = warehouse::read_commitments(office.world.database(), {});
    REQUIRE(all.size() == 2);
    CHECK(all[0].state == warehouse::CommitmentState::agreed);  // she worked all of that week
    CHECK(all[1].state == warehouse::CommitmentState::taken_back);
    CHECK(all[1].reason == "left the team on 2026-11-17");
}

TEST_CASE("what was corrected meanwhile gets no verdict on what it said before") {
    CoachedOffice office;
    office.agree("2026-W46", 40, 50);
    office.week_of_calls("ana", "2026-W46", 46);
    auto corrected = warehouse::find_commitment(office.world.database(), 1).value();
    const auto people = office.world.people();
    const auto reader = office.world.reader();
    const checks::Scene scene{reader, people, office.options, friday};
    const auto& judgement = checks::judgement_of(scene);
    REQUIRE(judgement.verdicts.size() == 1);
    corrected.promised = 45;
    corrected.made_at = friday;
    warehouse::revise_commitment(office.world.database(), corrected);
    checks::note_judgement(office.world.database(), judgement);
    CHECK(office.stored().empty());
}

TEST_CASE("three kept in a row are no item about low weeks") {
    CoachedOffice office;
    for (const auto* due : {"2026-W41", "2026-W42", "2026-W43", "2026-W44", "2026-W45", "2026-W46"})
        office.week_of_calls("ana", due, 40);
    CHECK(office.find("kpi.attainment").size() == 1);
    for (const auto* due : {"2026-W44", "2026-W45", "2026-W46"}) office.agree(due, 30, 40);
    CHECK(office.find("kpi.attainment").empty());
    CHECK(office.scorecard(4, "north", "ana").reps.at(0).kpis.at(0).trend.kind ==
          checks::TrendClass::improving);
}

TEST_CASE("as of a moment in the past, what was agreed or decided later is not there") {
    CoachedOffice office;
    office.agree("2026-W46", 40, 50);
    office.week_of_calls("ana", "2026-W46", 52);
    CHECK(office.told(noon(2026y / 9 / 30)).empty());
    CHECK(office.judge(noon(2026y / 9 / 30)).commitments.empty());
}

TEST_CASE("what is disputed has no verdict and breaks no row until somebody has looked") {
    CoachedOffice office;
    office.agree("2026-W45", 40, 50);
    office.agree("2026-W46", 40, 50);
    office.week_of_calls("ana", "2026-W45", 30);
    office.week_of_calls("ana", "2026-W46", 30);
    const auto missed = office.find("commit.missed_twice");
    REQUIRE(missed.size() == 1);
    CHECK(missed[0].aspect == "dials/2026-W46");
    const auto id = warehouse::open_finding(office.world.database(), missed[0], 1, friday);
    const auto answer = [&](warehouse::AnswerKind kind, const char* reason) {
        warehouse::save_answer(office.world.database(), id,
                               {.kind = kind, .reason = reason, .at = friday});
    };
    answer(warehouse::AnswerKind::disputed, "");
    CHECK(office.told() == Lines{"commit.missed"});  // of the week before, which stands
    answer(warehouse::AnswerKind::dismissed, "wrong_data");
    CHECK(office.told() == Lines{"commit.missed"});
    warehouse::drop_answer(office.world.database(), id);
    CHECK(office.told() == Lines{"commit.missed_twice"});
}
