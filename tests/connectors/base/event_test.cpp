// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/event.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace nudged;

namespace {

constexpr EventKind happened{"test.happened", Level::notice, "Something happened in a test.", ""};
constexpr EventKind counted{"test.counted", Level::debug, "Threads count in a test.", ""};

std::uint64_t count_of(const EventKind& kind) {
    for (const auto& [name, count] : event_counts())
        if (name == kind.name) return count;
    return 0;
}

}  // namespace

TEST_CASE("an event reaches the sink with its fields and is counted") {
    std::vector<std::string> seen;
    const auto before =
        set_event_sink([&](const EventKind& kind, std::span<const EventField> fields) {
            seen.emplace_back(kind.name);
            for (const auto& field : fields) seen.emplace_back(field.name);
            CHECK(std::get<std::int64_t>(fields[0].value) == 200);
            CHECK(std::get<std::string>(fields[1].value) == "hubspot");
            CHECK(std::get<double>(fields[2].value) == 0.5);
        });
    const auto counted_before = count_of(happened);
    tell(happened, {{"rows", 200u}, {"source", "hubspot"}, {"seconds", 0.5}});
    set_event_sink(before);
    tell(happened, {});  // nobody listens; it counts all the same

    CHECK(seen == std::vector<std::string>{"test.happened", "rows", "source", "seconds"});
    CHECK(count_of(happened) == counted_before + 2);
}

TEST_CASE("events of many threads are all counted") {
    std::atomic<int> heard = 0;
    const auto before =
        set_event_sink([&](const EventKind&, std::span<const EventField>) { ++heard; });
    const auto counted_before = count_of(counted);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([] {
                for (int n = 0; n < 1000; ++n) tell(counted, {{"n", n}});
            });
    }
    set_event_sink(before);
    CHECK(heard == 4000);
    CHECK(count_of(counted) == counted_before + 4000);
}
