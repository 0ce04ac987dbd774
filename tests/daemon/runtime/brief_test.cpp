// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/text.hpp"
#include "daemon/alerts/lint.hpp"
#include "daemon/runtime/digest_maker.hpp"
#include "daemon/warehouse/coaching_records.hpp"
#include "daemon/warehouse/commitments.hpp"
#include "tests/daemon/checks/everything.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using alerts::Occasion;
using model::Message;

namespace {

/// What the daemon would send for the first team of an office.
struct Room {
    Office office;
    config::Config config;

    alerts::Digest make(Occasion occasion, Instant as_of, const char* rep = nullptr) {
        office.world.mark_all_complete(as_of);
        const auto people = office.world.people();
        const auto reader = office.world.reader();
        config.roster = office.world.roster();
        const checks::Scene scene{reader, people, office.options, as_of};
        const auto evaluation = checks::evaluate(scene);
        const auto& team = people.teams.at(0);
        const auto today = team.zone.local_day(as_of);
        auto due = alerts::digest_of(team, config.alerts.digest, today);
        if (occasion == Occasion::brief) due = alerts::brief_of(team, config.alerts, today);
        if (occasion == Occasion::scrum) due = alerts::scrum_of(team, config.alerts, today);
        if (occasion == Occasion::card)
            due =
                alerts::card_of(team, config.alerts, *people.rep(office.world.person(rep)), today);
        const auto basis = checks::make_scorecard_basis(scene, evaluation);
        return runtime::make_digest(config, scene, evaluation, basis, team, due);
    }

    /// The rep agreed to go from 40 to 50 dials in the week.
    void agree(const char* rep, const char* week) {
        office.world.reader();
        warehouse::insert_commitment(office.world.database(), {.person = office.world.person(rep),
                                                               .kpi = "dials",
                                                               .week = *IsoWeek::parse(week),
                                                               .baseline = 40,
                                                               .promised = 50,
                                                               .agreed_by = "max",
                                                               .agreed_at = noon(2026y / 11 / 13),
                                                               .made_at = noon(2026y / 11 / 13)});
    }
    void note(warehouse::NoteType type, const char* rep, std::chrono::year_month_day held_on,
              const char* kpi = "") {
        office.world.reader();
        warehouse::NoteDraft note;
        note.type = type;
        note.rep = office.world.person(rep);
        note.team = "north";
        note.manager = office.world.person("max");
        note.held_on = day(held_on);
        note.written_at = noon(held_on);
        note.body = "what only the two of them know";
        note.kpi = kpi;
        warehouse::store_note(office.world.database(), note, noon(held_on));
    }
    /// Nine weeks of 40 dials for ana and bob, then 52 and 46, of 50 that both had agreed to.
    void nine_weeks() {
        office.dials(90);
        const auto last = *IsoWeek::parse("2026-W47");
        for (int back = 9; back >= 1; --back)
            for (const char* rep : {"ana", "bob"})
                office.week_of_calls(rep, last.plus(-back).str(), 40);
        office.week_of_calls("ana", last.str(), 52);
        office.week_of_calls("bob", last.str(), 46);
        agree("ana", "2026-W47");
        agree("bob", "2026-W47");
    }
};

const Message::Section* find(const alerts::Digest& digest, const std::string& heading) {
    for (const auto& section : digest.message.sections)
        if (section.heading == heading) return &section;
    return nullptr;
}

std::string text_of(const alerts::Digest& digest) {
    return channels::render_text(digest.message);
}

const Instant monday = at(2026y / 11 / 23, 7, 30);
const Instant tuesday = at(2026y / 11 / 24, 12, 1);  // a minute after the week has settled

}  // namespace

TEST_CASE("whatever there is to tell is told as a coach would") {
    Room room;
    everything(room.office);
    room.config.alerts.digest = {.max_items = 100, .max_per_rep = 100};
    room.config.alerts.brief.max_items = room.config.alerts.brief.max_per_rep = 100;
    room.config.alerts.card.max_items = 100;
    room.note(warehouse::NoteType::best_practice, "bob", 2026y / 11 / 4, "dials");
    for (const auto occasion :
         {Occasion::digest, Occasion::brief, Occasion::card, Occasion::scrum}) {
        const auto digest = room.make(occasion, friday, "ana");
        for (const auto& complaint : alerts::lint_message(digest.message)) {
            INFO(text_of(digest));
            FAIL_CHECK(complaint);
        }
        for (const auto& section : digest.message.sections)
            for (const auto& item : section.items)
                for (const auto& complaint : alerts::lint_item(item, item.mark == "★")) {
                    INFO(item.title << ": " << item.text << " " << item.question);
                    FAIL_CHECK(complaint);
                }
        CHECK(text_of(digest).find("what only the two of them know") == std::string::npos);
    }
}

TEST_CASE("on Monday the week before is provisional: what was kept is told, and nothing else is "
          "judged; on Tuesday all of it is") {
    Room room;
    room.nine_weeks();
    const auto first = room.make(Occasion::brief, monday);
    const auto* praise = find(first, "Worth praising");
    REQUIRE(praise);
    REQUIRE(praise->items.size() == 1);
    CHECK(praise->items[0].title == "ana");
    const auto* team = find(first, "The team");
    REQUIRE(team);
    CHECK(team->text.starts_with("Week 2026-W47; figures with * may still change"));
    REQUIRE(team->rows.size() == 2);
    CHECK(team->rows[0][1] == "52 / 90 *");
    CHECK(team->rows[0][2] == "Dials 52 of 50 ✓");
    CHECK(team->rows[1][1] == "46 / 90 *");
    CHECK(team->rows[1][2] == "Dials 46 of 50 so far");
    CHECK(text_of(first).find("part of the way") == std::string::npos);

    const auto second = room.make(Occasion::brief, tuesday);
    team = find(second, "The team");
    CHECK(team->text == "Week 2026-W47, the last complete one");
    CHECK(team->rows[1][1] == "46 / 90 →");
    CHECK(team->rows[1][2] == "Dials 46 of 50");
    // 46 is six tenths of the way from 40 to 50.
    CHECK(text_of(second).find("Dials: 46 in 2026-W47, part of the way (agreed 50, from 40).") !=
          std::string::npos);
}

TEST_CASE("a brief tells what was won, what is agreed for the week, and how the coaching goes") {
    Room room;
    room.nine_weeks();
    room.agree("bob", "2026-W48");
    room.office.world.opportunity("Acme")
        .owner("bob")
        .won()
        .closed_at(noon(2026y / 11 / 18))
        .amount("14000")
        .currency("EUR");
    room.office.world.opportunity("Small")
        .owner("bob")
        .won()
        .closed_at(noon(2026y / 11 / 20))
        .amount("20")
        .currency("EUR");
    room.office.world.opportunity("Tiny")
        .owner("ana")
        .won()
        .closed_at(noon(2026y / 11 / 20))
        .amount("500.50")
        .currency("EUR");
    room.office.world.opportunity("Older")
        .owner("bob")
        .won()
        .closed_at(noon(2026y / 11 / 11))
        .amount("1")
        .currency("EUR");
    for (const unsigned date : {2U, 9U, 16U})
        room.note(warehouse::NoteType::one_on_one, "ana", 2026y / 11 / std::chrono::day{date});
    const auto brief = room.make(Occasion::brief, monday);
    const auto* praise = find(brief, "Worth praising");
    REQUIRE(praise);
    CHECK(praise->items[0].title == "Won last week");
    CHECK(praise->items[0].text == "ana 500.5 EUR · bob 14,020 EUR (2 deals)");
    const auto* agreed = find(brief, "Agreed for this week");
    REQUIRE(agreed);
    CHECK(agreed->text == "bob: Dials 50, from 40");
    const auto* cadence = find(brief, "Your cadence");
    REQUIRE(cadence);
    // Two reps over four weeks are eight slots; three of ana's were held, and all three noted.
    CHECK(cadence->rows[0] == std::vector<std::string>{"1:1s held", "3 / 8", "38 %", "80 %"});
    CHECK(cadence->rows[1][1] == "3 / 3");
}

TEST_CASE("a card has what was agreed with the two questions, the figures, and a colleague's way") {
    Room room;
    room.nine_weeks();
    room.note(warehouse::NoteType::one_on_one, "bob", 2026y / 11 / 17);
    room.note(warehouse::NoteType::best_practice, "ana", 2026y / 11 / 4, "dials");
    const auto card = room.make(Occasion::card, tuesday, "bob");
    CHECK(card.message.title == "1:1 with bob");
    CHECK(card.message.subtitle.ends_with("Last 1:1: 17 Nov 2026"));
    CHECK(card.told.empty());
    const auto* agreed = find(card, "What you agreed");
    REQUIRE(agreed);
    CHECK(agreed->rows ==
          std::vector<std::vector<std::string>>{{"2026-W47", "Dials", "40 → 50", "46 of 50", "2"}});
    CHECK(agreed->more.starts_with("What worked, and where was it hard?"));
    const auto* figures = find(card, "The numbers");
    REQUIRE(figures);
    // Seven weeks of 40 of 90 are 3.1 of the seven steps above the lowest, 46 are 3.6.
    CHECK(figures->rows[0] ==
          std::vector<std::string>{"Dials", "46 / 90 →", "▄▄▄▄▄▄▄▅", "→ steady, below target"});
    const auto* talk = find(card, "To talk about");
    REQUIRE(talk);
    std::string offers;
    for (const auto& item : talk->items)
        for (const auto& fact : item.facts)
            if (fact.label == "what helped a colleague") offers += fact.value;
    CHECK(offers == "ana, noted on 4 Nov 2026: nudged note show 2 --as max@example.com");
    CHECK(text_of(room.make(Occasion::card, tuesday, "ana")).find("what helped a colleague") ==
          std::string::npos);
}

TEST_CASE("a scrum's sheet is a line a rep about the running week") {
    Room room;
    room.nine_weeks();
    room.office.week_of_calls("ana", "2026-W48", 12, 1);
    room.agree("ana", "2026-W48");
    const auto sheet = room.make(Occasion::scrum, tuesday);
    REQUIRE(sheet.message.sections.size() == 1);
    const auto& section = sheet.message.sections[0];
    CHECK(section.text == "Week 2026-W48 so far");
    REQUIRE(section.rows.size() == 2);
    // A day of five is over: 12 of 18.
    CHECK(section.rows[0][1] == "12 / 90 67 % of pace *");
    CHECK(section.rows[0][2] == "Dials 12 of 50 so far");
    CHECK(section.rows[1][2] == "–");

    // On Monday nothing has been done of the week, but for what is agreed.
    const auto first = room.make(Occasion::scrum, monday).message.sections.at(0);
    CHECK(first.text.starts_with("Week 2026-W47"));
    CHECK(first.rows[0][1] == "52 / 90 *");
    CHECK(first.rows[0][2].starts_with("Dials "));
}

TEST_CASE("a place that others read gets counts of a brief, and no card and no sheet") {
    Room room;
    room.nine_weeks();
    room.config.channels.emplace_back();
    room.config.channels.back().name = "lounge";
    room.config.channels.back().audience = channels::Audience::shared;
    auto roster = room.office.world.roster();
    roster.teams[0].channel = "lounge";
    room.office.world.set_roster(roster);
    const auto brief = room.make(Occasion::brief, monday);
    CHECK(brief.has_news);
    for (const char* name : {" ana", " bob", "Dials"})
        CHECK(text_of(brief).find(name) == std::string::npos);
    for (const auto occasion : {Occasion::card, Occasion::scrum}) {
        const auto digest = room.make(occasion, monday, "ana");
        CHECK_FALSE(digest.has_news);
        CHECK(digest.message.sections.empty());
    }
}

TEST_CASE("an admin's words take the place of those that ship, in the team's language") {
    Room room;
    room.nine_weeks();
    auto& texts = room.config.alerts.texts.open("en");
    texts.set("praise.heading", "Well done");
    texts.set("check.kpi.attainment.text", "{{name}} ({{owner}}), target {{2026_w46}}: {{text}}");
    const auto brief = room.make(Occasion::brief, monday);
    CHECK(find(brief, "Well done"));
    const auto* talk = find(brief, "Worth a conversation");
    REQUIRE(talk);
    CHECK(talk->items.at(0).text.starts_with("ana (ana), target 40 of 90, 44.4 %"));
    CHECK(talk->items.at(0).question.ends_with("?"));
}
