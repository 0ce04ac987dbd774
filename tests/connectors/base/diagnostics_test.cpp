// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/diagnostics.hpp"
#include "connectors/base/failure.hpp"

#include <catch2/catch.hpp>

using namespace nudged;

TEST_CASE("a place says as much as is known") {
    CHECK(Place{}.str().empty());
    CHECK(Place{"teams.toml"}.str() == "teams.toml");
    CHECK(Place{"teams.toml", 14}.str() == "teams.toml:14");
    CHECK(Place{"sources.d/hubspot.toml", 14, 9}.str() == "sources.d/hubspot.toml:14:9");
}

TEST_CASE("a problem is one line with its place, what is wrong and what to do") {
    Diagnostics problems;
    CHECK(problems.str().empty());
    problems.warning({"nudged.toml"}, "there is no teams.toml", "add one");
    CHECK_FALSE(problems.has_errors());
    problems.error({"kpis.toml", 3, 1}, "the KPI \"dials\" has no why", "say why it matters");
    problems.error({}, "no place");
    CHECK(problems.has_errors());
    CHECK(problems.str() == "nudged.toml: warning: there is no teams.toml, add one\n"
                            "kpis.toml:3:1: the KPI \"dials\" has no why, say why it matters\n"
                            "no place\n");
}

TEST_CASE("a failure carries its kind and how long the far end asked us to wait") {
    const Failure failure(FailureKind::throttled, "too many requests", std::chrono::seconds{7});
    CHECK(to_string(failure.kind()) == "throttled");
    CHECK(failure.retry_after() == std::chrono::milliseconds{7'000});
    CHECK(std::string{failure.what()} == "too many requests");
    CHECK_FALSE(Failure(FailureKind::transient, "time-out").retry_after().has_value());
    CHECK(to_string(FailureKind::needs_person) == "needs_person");
}
