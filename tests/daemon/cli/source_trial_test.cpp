// SPDX-License-Identifier: Apache-2.0
// `nudged source test` on a CRM whose manifest is only being written.
#include "tests/daemon/cli/site.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <rapidjson/document.h>

#include <filesystem>

using namespace nudged::tests;

namespace {

/// Two streams, each a list that its manifest takes for whole.
constexpr const char* manifest = R"([connector]
name = "young"
base_url = "{settings.base_url}"
[settings]
base_url = ""
[auth.headers]
X-Key = "{credential.key}"
[retry]
base = "1ms"
[request.tasks]
get = "/tasks"
records = "/data"
[request.users]
get = "/users"
records = "/data"
[stream.user]
request = "users"
[stream.user.map]
name = "/name"
[stream.task]
request = "tasks"
[stream.task.map]
subject = "/title"
)";

class YoungSite {
public:
    explicit YoungSite(HttpServer::Handler handler) : server(std::move(handler)) {
        folder.write("nudged.toml", "state_dir = \"state\"\n");
        folder.write("young.toml", manifest);
        const auto key = folder.write("key", "k-123");
        std::filesystem::permissions(key, std::filesystem::perms::owner_read);
        folder.write(
            "sources.d/young.toml",
            fmt::format("[source]\nname = \"young\"\nconnector = \"http\"\n"
                        "manifest = \"../young.toml\"\nsettings = {{ base_url = \"{}\" }}\n"
                        "credentials = {{ key = {{ file = \"../key\" }} }}\n",
                        server.url("")));
    }
    Finished test(std::vector<std::string> more = {}) const {
        std::vector<std::string> command{program("nudged"), "source", "test",
                                         "young",           "-c",     folder.file("nudged.toml")};
        command.insert(command.end(), more.begin(), more.end());
        return run_program(command);
    }

    TempFolder folder;
    HttpServer server;
};

}  // namespace

TEST_CASE("a trial says where an answer tells of more than its request goes on to") {
    using Headers = std::vector<std::pair<std::string, std::string>>;
    // `around` stands beside the one record.
    const auto answering = [](const std::string& around, const Headers& headers) {
        return [=](const Request& request) {
            const bool is_asked = request.path == "/tasks";
            auto reply = Reply::json(R"({"data":[{"id":"1","next_step":"x"}])" +
                                     (is_asked ? around : "") + "}");
            if (is_asked) reply.headers = headers;
            return reply;
        };
    };
    const auto told = [&](const std::string& json, const Headers& named) {
        const YoungSite site(answering(json, named));
        rapidjson::Document document;
        const auto trial = site.test({"--json"});
        CAPTURE(trial.output);
        REQUIRE(trial.status == 0);
        document.Parse(trial.output.c_str());
        const auto& streams = document["streams"];
        REQUIRE(streams.Size() == 2);
        CHECK(std::string{streams[0]["unread_next"].GetString()}.empty());
        return std::string{streams[1]["unread_next"].GetString()};
    };
    CHECK(told("", {}).empty());
    CHECK(told(R"(,"paging":{"next":null,"total":1},"has_more":false,"cursor":"")", {}).empty());
    CHECK(told(R"(,"meta":{"next_cursor":"abc"})", {}) ==
          "the answer's /meta/next_cursor tells of more, and the request \"tasks\" goes on to no "
          "next page: say how with next, next_url, next_header, {page.number}, {page.offset} or "
          "{keyset.last_id}");
    CHECK(told(R"(,"hasMore":true)", {}).find("/hasMore tells") != std::string::npos);
    CHECK(told(R"(,"@odata.nextLink":"https://x")", {}).find("/@odata.nextLink") !=
          std::string::npos);
    CHECK(told(R"(,"total_count":2)", {}).find("/total_count") != std::string::npos);
    CHECK(told("", {{"Link", "</tasks?p=2>; rel=\"next\""}}).find("header link") !=
          std::string::npos);
    const YoungSite site(answering("", {{"X-Next-Cursor", "abc"}}));
    CHECK(site.test().output.find("next page         the answer's header x-next-cursor") !=
          std::string::npos);
}

TEST_CASE(
    "a trial ends with the first stream whose credential is refused, or that nothing answers") {
    SECTION("refused") {
        const YoungSite site([](const Request&) { return Reply::json("{}", 401); });
        const auto trial = site.test();
        CAPTURE(trial.output);
        CHECK(trial.status == 1);
        CHECK(trial.output.find("0 of 1 streams answered, 1 needs a person; 1 more not tried, "
                                "since the CRM refuses the credential") != std::string::npos);
        CHECK(site.server.requests().size() == 1);
    }
    SECTION("silent") {
        const YoungSite site([](const Request&) { return Reply::nothing(Reply::Ending::close); });
        const auto trial = site.test();
        CAPTURE(trial.output);
        CHECK(trial.status == 1);
        CHECK(trial.output.find("0 of 1 streams answered; 1 more not tried, since nothing "
                                "answers") != std::string::npos);
        CHECK(site.server.requests().size() == 2);
    }
    SECTION("one stream's own trouble is not the other's") {
        const YoungSite site([](const Request& request) {
            return request.path == "/users" ? Reply::json("{}", 404)
                                            : Reply::json(R"({"data":[{"id":"1"}]})");
        });
        const auto trial = site.test();
        CAPTURE(trial.output);
        CHECK(trial.output.find("1 of 2 streams answered") != std::string::npos);
    }
}
