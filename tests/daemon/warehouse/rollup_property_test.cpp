// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/recount.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using model::Entity;

namespace {

/// Random edits of few records, so that every one is told, changed, deleted and revived often.
class Script {
public:
    explicit Script(std::uint32_t seed) : random_(seed) {}

    void edit(tests::World& world) {
        static const Entity entities[] = {Entity::call,    Entity::call,        Entity::task,
                                          Entity::meeting, Entity::opportunity, Entity::opportunity,
                                          Entity::stage,   Entity::user};
        clock_ += std::chrono::seconds{below(3)};
        // Now and then a page that was overtaken.
        const Instant fetched = chance(10) ? clock_ - 10s : clock_;
        const Entity entity = entities[below(std::size(entities))];
        auto& draft = world.draft(entity, fmt::format("{}{}", to_string(entity), below(12)));
        draft.fetched(fetched);
        if (chance(10)) {
            draft.deleted();
            return;
        }
        switch (entity) {
        case Entity::call: edit_call(draft); break;
        case Entity::task: edit_task(draft); break;
        case Entity::meeting: edit_meeting(draft); break;
        case Entity::opportunity: edit_opportunity(draft); break;
        case Entity::stage: edit_flags(draft); break;
        default: draft.time_zone(pick({"UTC", "America/Los_Angeles", "Asia/Tokyo", "nonsense"}));
        }
    }

    bool chance(int percent) { return below(100) < percent; }

private:
    int below(std::size_t end) {
        return std::uniform_int_distribution<int>{0, static_cast<int>(end) - 1}(random_);
    }
    const char* pick(std::initializer_list<const char*> of) { return of.begin()[below(of.size())]; }
    Instant moment() { return tests::noon(2026y / 11 / 16) + std::chrono::hours{below(200)}; }

    /// Users 0 to 11 are told by and by; "stranger" never.
    void edit_owner(tests::Draft& draft) {
        if (chance(5))
            draft.clear("owner");
        else
            draft.unknown_owner(chance(10) ? "stranger" : fmt::format("user{}", below(12)));
    }
    void edit_call(tests::Draft& draft) {
        edit_owner(draft);
        draft.at(moment()).planned(chance(10)).lasting(std::chrono::seconds{below(200)});
        if (chance(60)) draft.direction(pick({"outbound", "inbound"}));
        if (chance(60)) draft.outcome(pick({"connected", "no_answer", "busy"}));
    }
    void edit_task(tests::Draft& draft) {
        edit_owner(draft);
        draft.done_at(moment()).cancelled(chance(10)).series(chance(10));
    }
    void edit_meeting(tests::Draft& draft) {
        edit_owner(draft);
        draft.at(moment()).outcome(pick({"held", "no_show", "scheduled"}));
    }
    void edit_opportunity(tests::Draft& draft) {
        edit_owner(draft);
        edit_flags(draft);
        draft.stage(fmt::format("stage{}", below(12))).amount(pick({"1", "2.50", "-3.999"}));
        draft.created(moment()).close_date(tests::day(2026y / 11 / (1 + below(28))));
        if (chance(50)) draft.closed_at(moment());
    }
    void edit_flags(tests::Draft& draft) {
        draft.clear("is_closed").clear("is_won");
        if (chance(40)) draft.closed(chance(70));
        if (chance(40)) draft.set("is_won", chance(50));
    }

    std::mt19937 random_;
    Instant clock_ = tests::noon(2026y / 11 / 20);
};

std::int64_t rows(tests::World& world) {
    return world.database().integer("SELECT count(*) FROM rollup");
}

}  // namespace

TEST_CASE("rollups kept by difference are what a recount gives, after any edits") {
    const std::uint32_t first_seed = std::random_device{}();
    for (std::uint32_t seed = first_seed; seed < first_seed + 5; ++seed) {
        INFO("seed " << seed);
        Script script{seed};
        tests::World world;
        std::int64_t most = 0;
        for (int i = 0; i < 1000; ++i) {
            script.edit(world);
            if (!script.chance(2)) continue;  // a transaction of some fifty edits
            most = std::max(most, rows(world));
            REQUIRE(verify_rollups(world.database()).empty());
        }
        REQUIRE(verify_rollups(world.database()).empty());
        CHECK(most > 20);  // there was something to compare
    }
}
