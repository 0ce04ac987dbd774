// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/disk_vfs.hpp"
#include "tests/faults/effort.hpp"
#include "tests/faults/script.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>

using namespace nudged;
using namespace nudged::tests;

namespace {

constexpr std::array survivals{PowerCuts::Survival::nothing, PowerCuts::Survival::everything,
                               PowerCuts::Survival::chance};

struct Tally {
    std::size_t points = 0, images = 0, losses = 0;
    std::vector<std::string> first;  // what was found first

    void add(const std::vector<std::string>& problems, std::size_t point) {
        ++images;
        losses += problems.empty() ? 0 : 1;
        for (const auto& problem : problems)
            if (first.size() < 20) first.push_back(fmt::format("cut {}: {}", point, problem));
    }
    std::string str() const {
        std::string text;
        for (const auto& problem : first) text += problem + '\n';
        return text;
    }
};

/// The file as warehouse::make_private_file() leaves it.
DiskImage new_file(const std::string& path) {
    return {{path, {}}};
}

/// Cuts the power after every `every`-th call that a script made, and looks at what is left.
Tally cut_everywhere(const Disk& disk, const Script& script, const std::string& path,
                     PowerCuts::Trust trust, std::size_t every) {
    Tally tally;
    std::mt19937_64 random(4);
    PowerCuts cuts(disk, trust);
    while (cuts.step()) {
        if (cuts.position() % every != 0) continue;
        ++tally.points;
        for (const auto survival : survivals) {
            Disk left(cuts.image(survival, random));
            const DiskVfs vfs(left);
            tally.add(open_and_examine(path, script.safe_at(cuts.noted())), cuts.position());
        }
    }
    return tally;
}

void print(const char* what, const Tally& tally) {
    std::printf("%s: %zu points, %zu images, %zu with a loss\n", what, tally.points, tally.images,
                tally.losses);
}

}  // namespace

TEST_CASE("whenever the power is cut, the warehouse opens, is sound, and has all that was said") {
    const TempFolder folder;
    const auto path = folder.file("nudged.db");
    Disk disk(new_file(path));
    Script script(disk, path);
    {
        const DiskVfs vfs(disk);
        script.run(12);
        script.run(4);  // what stands is opened again
    }
    const auto& now = script.reached();
    REQUIRE(now.pages == 48);
    REQUIRE(now.delivered == 16);
    REQUIRE(now.copies == 2);
    const auto tally = cut_everywhere(disk, script, path, {}, stride(9));
    print("power cuts", tally);
    CAPTURE(tally.str());
    CHECK(tally.points > 200);
    CHECK(tally.losses == 0);
}

TEST_CASE("the harness finds losses where syncs do nothing") {
    struct Case {
        const char* name;
        PowerCuts::Trust trust;
    };
    const auto c = GENERATE(values<Case>({
        {"of any file, as with synchronous=OFF", {.log = false, .database = false}},
        {"of the write-ahead log", {.log = false, .database = true}},
        {"of the database", {.log = true, .database = false}},
    }));
    DYNAMIC_SECTION(c.name) {
        const TempFolder folder;
        const auto path = folder.file("nudged.db");
        Disk disk(new_file(path));
        Script script(disk, path);
        {
            const DiskVfs vfs(disk);
            script.run(12);
        }
        const auto tally = cut_everywhere(disk, script, path, c.trust, stride(40));
        print(c.name, tally);
        CHECK(tally.losses > tally.points / 20);
    }
}

TEST_CASE("after a power cut the work goes on, and a second cut takes nothing either") {
    const TempFolder folder;
    const auto path = folder.file("nudged.db");
    Disk disk(new_file(path));
    Script script(disk, path);
    {
        const DiskVfs vfs(disk);
        script.run(8);
    }
    Tally tally;
    std::mt19937_64 random(7);
    PowerCuts cuts(disk, {});
    const auto every = stride(61) * 3;
    while (cuts.step()) {
        if (cuts.position() % every != 0) continue;
        Disk left(cuts.image(PowerCuts::Survival::chance, random));
        Script next(left, path);
        {
            const DiskVfs vfs(left);
            next.run(2);
        }
        const auto second = cut_everywhere(left, next, path, {}, every);
        tally.points += second.points;
        tally.images += second.images;
        tally.losses += second.losses;
        tally.first.insert(tally.first.end(), second.first.begin(), second.first.end());
    }
    print("second power cuts", tally);
    CAPTURE(tally.str());
    CHECK(tally.points > 10);
    CHECK(tally.losses == 0);
}
