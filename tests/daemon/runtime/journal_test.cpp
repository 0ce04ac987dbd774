// SPDX-License-Identifier: Apache-2.0
// That journald takes these entries is tried in a real systemd: tests/systemd/inside.
#include "daemon/runtime/journal.hpp"

#include "daemon/runtime/log.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

using namespace nudged;
using namespace nudged::runtime;

TEST_CASE("an event has a field of the journal for each of its own, with its text as it is") {
    constexpr EventKind kind{"stream.failed", Level::warning, "", ""};
    const std::vector<EventField> fields{
        {"source", "crm"}, {"pages", 3}, {"share", 0.25}, {"retry-in", 5}, {"why", "a \"b\"\nc"}};
    CHECK(journal_entry(kind, fields, "stream.failed source=crm", 4) ==
          std::vector<std::string>{"MESSAGE=stream.failed source=crm", "PRIORITY=4",
                                   "NUDGED_EVENT=stream.failed", "NUDGED_SOURCE=crm",
                                   "NUDGED_PAGES=3", "NUDGED_SHARE=0.25", "NUDGED_RETRY_IN=5",
                                   "NUDGED_WHY=a \"b\"\nc"});
}

TEST_CASE("the log is the journal's only where standard error leads there") {
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    struct stat status {};
    REQUIRE(::fstat(pipe[1], &status) == 0);
    ::unsetenv("JOURNAL_STREAM");
    CHECK_FALSE(leads_to_journal(pipe[1]));
    ::setenv("JOURNAL_STREAM", fmt::format("{}:{}", status.st_dev, status.st_ino).c_str(), 1);
    CHECK(leads_to_journal(pipe[1]));
    CHECK_FALSE(leads_to_journal(STDERR_FILENO));
    CHECK(log_format_of("auto") == LogFormat::text);  // inherited by a shell that redirects
    CHECK(log_format_of("json") == LogFormat::json);
    ::setenv("JOURNAL_STREAM", "nonsense", 1);
    CHECK_FALSE(leads_to_journal(pipe[1]));
    ::unsetenv("JOURNAL_STREAM");
    ::close(pipe[0]);
    ::close(pipe[1]);
}
