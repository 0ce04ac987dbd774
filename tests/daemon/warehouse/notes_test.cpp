// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "daemon/warehouse/note_reading.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

const Instant now = tests::noon(2026y / 11 / 20);  // a Friday
const auto today = tests::day(2026y / 11 / 20);

/// Team north: max leads ana and bob; vera leads max. Team south: sam leads cem.
struct Floor {
    tests::World world{now};

    Floor() {
        world.team("north").manager("max").rep("ana").rep("bob");
        world.team("south").manager("sam").rep("cem");
        world.team("leads").manager("vera").rep("max");
        world.reader();
    }

    PersonId person(const char* name) { return world.person(name); }

    NoteId add(NoteDraft note, Instant at = now) {
        auto& database = world.database();
        Transaction transaction{database};
        const auto stored = store_note(database, note, at);
        transaction.commit();
        return stored.id;
    }

    NoteDraft about_ana(const char* body, const char* agreed = "") {
        NoteDraft note;
        note.type = NoteType::one_on_one;
        note.rep = person("ana");
        note.team = "north";
        note.manager = person("max");
        note.held_on = tests::day(2026y / 11 / 18);
        note.written_at = now;
        note.body = body;
        note.agreed = agreed;
        return note;
    }

    NotesSeen seen_by(const char* name, const NoteFilter& filter = {}) {
        const auto asker = name ? std::optional{person(name)} : std::nullopt;
        return read_notes(world.reader(), {asker, today}, filter);
    }

    /// "text" for who may read it, "there" for who sees that it is there, "counted", or "nothing".
    std::string sees(const char* name) {
        const auto seen = seen_by(name);
        if (!seen.notes.empty()) return seen.notes[0].text ? "text" : "there";
        return seen.counts.empty() ? "nothing" : fmt::format("{} counted", seen.counts[0].count);
    }
};

}  // namespace

TEST_CASE("a 1:1 note is for the rep and the manager; above it is counted, elsewhere not there") {
    Floor floor;
    floor.add(floor.about_ana("her mother is ill"));
    CHECK(floor.sees("ana") == "text");
    CHECK(floor.sees("max") == "text");
    CHECK(floor.sees("vera") == "1 counted");
    CHECK(floor.sees("bob") == "nothing");
    CHECK(floor.sees("sam") == "nothing");
    CHECK(floor.sees("cem") == "nothing");
    CHECK(floor.sees(nullptr) == "there");  // the admin
    const auto counts = floor.seen_by("vera").counts;
    REQUIRE(counts.size() == 1);
    CHECK(counts[0].rep_name == "ana");
    CHECK(counts[0].type == NoteType::one_on_one);
}

TEST_CASE("a new manager reads what was noted before only once it is handed over") {
    Floor floor;
    const auto old = floor.add(floor.about_ana("about last spring"));
    auto roster = floor.world.roster();
    roster.teams[0].manager.name = "nina";
    roster.teams[0].manager.emails = {"nina@example.com"};
    floor.world.set_roster(std::move(roster));
    floor.world.reader();
    CHECK(floor.sees("max") == "nothing");  // no longer the manager
    CHECK(floor.sees("nina") == "1 counted");
    auto own = floor.about_ana("a first talk");
    own.manager = floor.person("nina");
    floor.add(own);
    const auto before = floor.seen_by("nina");
    REQUIRE(before.notes.size() == 1);
    CHECK(before.notes[0].text->body == "a first talk");
    CHECK(before.counts.size() == 1);

    hand_over_notes(floor.world.database(), floor.person("ana"), floor.person("nina"), now + 1h);
    const auto after = floor.seen_by("nina");
    REQUIRE(after.notes.size() == 2);
    CHECK(after.notes[1].id == old);
    CHECK(after.notes[1].text->body == "about last spring");
    CHECK(floor.sees("max") == "nothing");

    // What somebody else notes after it was not handed over.
    auto later = floor.about_ana("by a stand-in");
    later.manager = floor.person("sam");
    floor.add(later, now + 2h);
    CHECK(floor.seen_by("nina").notes.size() == 2);
}

TEST_CASE("a scrum's note is for the team and its manager") {
    Floor floor;
    auto scrum = floor.about_ana("round the table");
    scrum.type = NoteType::scrum;
    scrum.rep = PersonId::nobody;
    scrum.minutes = 12;
    floor.add(scrum);
    for (const auto* name : {"ana", "bob", "max"}) CHECK(floor.sees(name) == "text");
    CHECK(floor.sees("vera") == "1 counted");
    CHECK(floor.sees("cem") == "nothing");
    CHECK(floor.sees("sam") == "nothing");
}

TEST_CASE("a note is found by rep, week and type") {
    Floor floor;
    floor.add(floor.about_ana("first"));
    auto praise = floor.about_ana("a fine call");
    praise.type = NoteType::praise;
    praise.held_on = tests::day(2026y / 11 / 9);  // Monday of 2026-W46
    floor.add(praise);
    auto of_bob = floor.about_ana("second");
    of_bob.rep = floor.person("bob");
    floor.add(of_bob);
    const auto count = [&](const NoteFilter& filter) {
        return floor.seen_by("max", filter).notes.size();
    };
    CHECK(count({}) == 3);
    NoteFilter by_rep, by_week, by_type;
    by_rep.rep = floor.person("bob");
    by_week.week = IsoWeek::parse("2026-W46");
    by_type.type = NoteType::praise;
    CHECK(count(by_rep) == 1);
    CHECK(count(by_week) == 1);
    CHECK(count(by_type) == 1);
}

TEST_CASE("words are found in what a note says now, by whoever may read it") {
    Floor floor;
    const auto id =
        floor.add(floor.about_ana("She wants to négotiate alone", "50 dials in 2026-W48"));
    floor.add(floor.about_ana("about the holidays"));
    const auto found = [&](const char* who, const char* words) {
        NoteFilter filter;
        filter.words = words;
        const auto seen = floor.seen_by(who, filter);
        CHECK(seen.counts.empty());
        return seen.notes.size();
    };
    CHECK(found("max", "negotiate") == 1);  // accents do not matter
    CHECK(found("ana", "nego*") == 1);
    CHECK(found("max", "dials alone") == 1);  // all words, in any order, of text and agreements
    CHECK(found("max", "negotiate holidays") == 0);
    CHECK(found("max", "\"NEAR( OR *") == 0);  // no operator, and no error
    CHECK(found("max", "   ") == 0);
    CHECK(found("vera", "negotiate") == 0);
    CHECK(found("bob", "negotiate") == 0);
    CHECK(found(nullptr, "negotiate") == 0);

    revise_note(floor.world.database(), id, "She wants to present alone", "", now);
    CHECK(found("max", "negotiate") == 0);
    CHECK(found("max", "present") == 1);
    CHECK(floor.seen_by("max").notes.back().revisions == 2);
    CHECK(floor.world.database().integer("SELECT count(*) FROM note_revision") == 3);
}

TEST_CASE("a removed note leaves a tombstone and not one word, in the search neither") {
    Floor floor;
    const auto id = floor.add(floor.about_ana("Xylophonequux was mentioned"));
    auto& database = floor.world.database();
    const auto kept = [&] {
        return database.integer("SELECT count(*) FROM note_text_data WHERE "
                                "instr(lower(CAST(block AS TEXT)), 'xylophonequux')") +
               database.integer("SELECT count(*) FROM note_revision");
    };
    REQUIRE(kept() == 2);
    remove_note(database, id, "written to the wrong person", now);
    while (compact_search(database)) continue;
    CHECK(kept() == 0);
    CHECK(floor.seen_by("max").notes.empty());
    NoteFilter by_id;
    by_id.id = id;
    const auto tombstone = floor.seen_by("max", by_id);
    REQUIRE(tombstone.notes.size() == 1);
    CHECK(tombstone.notes[0].removed_at == now);
    CHECK(tombstone.notes[0].removed_why == "written to the wrong person");
    CHECK_FALSE(tombstone.notes[0].text);
    CHECK_THROWS_WITH(remove_note(database, id, "again", now), Contains("was removed already"));
    CHECK_THROWS_WITH(revise_note(database, NoteId{99}, "x", "", now), Contains("no note 99"));
    database.execute("INSERT INTO note_text(note_text) VALUES ('integrity-check')");
}

TEST_CASE("the same line of a file is stored once, and stays away once it is removed") {
    Floor floor;
    auto note = floor.about_ana("from a file");
    note.origin_key = "a key";
    auto& database = floor.world.database();
    const auto first = store_note(database, note, now);
    CHECK(first.is_new);
    const auto second = store_note(database, note, now + 1h);
    CHECK_FALSE(second.is_new);
    CHECK(second.id == first.id);
    remove_note(database, first.id, "twice", now);
    CHECK_FALSE(store_note(database, note, now).is_new);
    CHECK(floor.seen_by("max").notes.empty());
}

TEST_CASE("talks are counted without a word of them") {
    Floor floor;
    floor.add(floor.about_ana("secret", "50 dials in 2026-W48\nask about the car"));
    auto vague = floor.about_ana("secret", "more calls from 2026-W48 on");
    vague.written_at.reset();
    floor.add(vague);
    const auto talks = read_talks(floor.world.reader(), now);
    REQUIRE(talks.size() == 2);
    CHECK(talks[0].is_specific);
    CHECK_FALSE(talks[1].is_specific);
    CHECK_FALSE(talks[1].written_at);
    CHECK(talks[0].rep == floor.person("ana"));
    CHECK(talks[0].manager == floor.person("max"));
    CHECK(read_talks(floor.world.reader(), now - 1h).empty());
}

TEST_CASE("an agreement is specific when a line of it names a number and a week") {
    CHECK(is_specific("50 dials in 2026-W48"));
    CHECK(is_specific("talk\n2026-W48: 3 meetings"));
    CHECK_FALSE(is_specific("more dials in 2026-W48"));
    CHECK_FALSE(is_specific("50 dials"));
    CHECK_FALSE(is_specific("50 dials\nfrom 2026-W48 on"));  // two lines, two agreements
    CHECK_FALSE(is_specific(""));
}
