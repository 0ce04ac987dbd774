// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/source_line.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using tests::TempFolder;

TEST_CASE("a line of a file is shown unless it holds a secret, or may") {
    struct Case {
        const char* name;
        const char* line;
        const char* table;
        bool in_a_home_of_secrets;
        bool is_shown;
    };
    const auto c = GENERATE(values<Case>({
        {"a known key", "poll = \"1x\"", "source", true, true},
        {"a header", "[[source.table]]", "source", true, true},
        {"a number behind a known key", "port = 99999", "web", true, true},
        {"a secret's key", "url = \"https://hooks.example.com/abc\"", "channel", true, false},
        {"a secret's key elsewhere", "url = \"https://hooks.example.com/abc\"", "", false, false},
        {"a secret's key, dotted", "channel.url = \"https://hooks.example.com\"", "", true, false},
        {"a secret's key in an inline table", "channel = { url = \"abc\" }", "", true, false},
        {"a misspelt key of a secret", "ulr = \"https://hooks.example.com/abc\"", "channel", true,
         false},
        {"a quoted key", "\"ulr\" = \"abc\"", "channel", true, false},
        {"a text that goes on", "abc\"\"\"", "channel", true, false},
        {"a credential", "tokne = \"abc\"", "source.credentials", true, false},
        {"credentials in a line", "credentials = { tokne = \"abc\" }", "source", true, false},
        {"a tap's own settings", "name = \"abc\"", "source.config", true, false},
        {"a check's misspelt key", "multipel = 2.0", "opp.stalled", false, true},
        {"what sounds secret anywhere", "api_token = \"abc\"", "stream.call", false, false},
        {"an API key in one word", "apikey = \"abc\"", "stream.call", false, false},
        {"an API key with a dash", "X-API-Key = \"abc\"", "stream.call", false, false},
        {"a key", "key = \"abc\"", "stream.call", false, false},
        {"a pass", "pass = \"abc\"", "stream.call", false, false},
        {"a pass phrase", "pass_phrase = \"abc\"", "stream.call", false, false},
        {"a private key", "private-key = \"abc\"", "stream.call", false, false},
        {"a secret's key in capitals", "URL = \"abc\"", "channel", false, false},
        {"a quoted key that sounds secret", "\"api_token\" = \"abc\"", "", false, false},
        {"a table whose keys are the admin's, in capitals", "name = \"abc\"", "Credentials", false,
         false},
        {"a manifest's known key", "records = \"/data\"", "request.list", true, true},
        {"a manifest's own key", "session_id = \"abc\"", "request.list", true, false},
        {"a manifest's way to log in", "kind = \"bearer\"", "auth", false, false},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(config::may_show(c.line, c.table, c.in_a_home_of_secrets) == c.is_shown);
    }
}

TEST_CASE("a header is one with a comment behind it, with blanks and with quotes too") {
    const auto* header = GENERATE("[source.credentials] # of sales", "[source.credentials]#",
                                  "[ source . credentials ]", "[source.\"credentials\"]");
    const TempFolder folder;
    folder.write("sources.d/sales.toml",
                 fmt::format("[source]\npoll = \"1h\"\n{}\nname = \"abc\"\n", header));
    CAPTURE(header);
    CHECK(config::source_line(folder.path(), {"sources.d/sales.toml", 2, 1}) == "poll = \"1h\"");
    CHECK(config::source_line(folder.path(), {"sources.d/sales.toml", 4, 1}) == std::nullopt);
}

TEST_CASE("a manifest, wherever it lies, shows only what is known to be no secret") {
    const TempFolder folder;
    folder.write("crm/small.toml", "[request.list]\nrecords = \"/data\"\nhoket = \"abc\"\n");
    CHECK(config::source_line(folder.path(), {"crm/small.toml", 2, 1}) == "records = \"/data\"");
    CHECK(config::source_line(folder.path(), {"crm/small.toml", 3, 1}) == std::nullopt);
}

TEST_CASE("the line is read from the file that a place names, under its table") {
    const TempFolder folder;
    folder.write("checks.toml", "[opp.stalled]\r\nmultipel = 2.0\r\n");
    folder.write("sources.d/sales.toml",
                 "[source]\nname = \"x\"\n[source.credentials]\nname = \"abc\"\n");
    const auto line = [&](const char* file, int number) {
        return config::source_line(folder.path(), {file, number, 1});
    };
    CHECK(line("checks.toml", 2) == "multipel = 2.0");
    CHECK(line("checks.toml", 3) == std::nullopt);
    CHECK(line("checks.toml", 0) == std::nullopt);
    CHECK(line("--set", 1) == std::nullopt);
    CHECK(line("sources.d/sales.toml", 2) == "name = \"x\"");
    CHECK(line("sources.d/sales.toml", 4) == std::nullopt);
}
