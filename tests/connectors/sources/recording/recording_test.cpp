// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/capture.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/http/http_source.hpp"
#include "connectors/sources/recording/placeholder.hpp"
#include "connectors/sources/recording/replay.hpp"
#include "connectors/sources/recording/sanitizer.hpp"
#include "tests/support/http_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::sources;
using namespace nudged::sources::recording;

namespace {

constexpr const char* manifest_text = R"(
[connector]
name = "acme"
base_url = "https://acme.example.com/v1"
[request.list]
get = "/deals"
query = { cursor = "{page.token}" }
records = "/data"
next = "/next"
[stream.opportunity]
request = "list"
id = "/id"
modified = "/updated"
[stream.opportunity.map]
name = "/title"
owner = "/owner/id"
amount = "/amount"
is_won = { from = "/state", values = { "won deal" = "true" }, otherwise = "false" }
)";

Manifest manifest(const std::string& text = manifest_text) {
    SourceOptions source;
    source.name = "acme";
    source.connector_options = HttpSourceOptions{};
    Diagnostics problems;
    auto compiled = compile_manifest_text(text, "acme.toml", source, problems);
    INFO(problems.str());
    REQUIRE_FALSE(problems.has_errors());
    return compiled;
}

net::Exchanged exchange(std::string url, std::string body) {
    net::Exchanged one;
    one.request.url = std::move(url);
    one.request.headers = {{"Authorization", "Bearer s3cr3t-token"}, {"Accept", "a/b"}};
    one.response.status = 200;
    one.response.headers = {{"set-cookie", "session=abc"},
                            {"date", "Fri, 20 Nov 2026 08:00:00 GMT"},
                            {"x-ratelimit-remaining", "99"}};
    one.response.body = std::move(body);
    return one;
}

net::HttpResponse ask(Replay& replay, net::HttpRequest request) {
    boost::asio::io_context loop;
    auto answer =
        boost::asio::co_spawn(loop, replay.send(std::move(request)), boost::asio::use_future);
    loop.run();
    return answer.get();
}

}  // namespace

TEST_CASE("a placeholder has the shape of its text, and is the same for the same text") {
    CHECK(placeholder_for("Ana Duarte", "salt") == placeholder_for("Ana Duarte", "salt"));
    CHECK(placeholder_for("Ana Duarte", "salt") != placeholder_for("Ana Duarte", "other"));
    const auto name = placeholder_for("Ana Duarte", "salt");
    CHECK(name.size() == 10);
    CHECK(name[3] == ' ');
    CHECK((name[0] >= 'A' && name[0] <= 'Z'));
    const auto phone = placeholder_for("+49 (30) 1234", "salt");
    CHECK(phone.substr(0, 1) == "+");
    CHECK(phone.substr(3, 2) == " (");
    CHECK(phone.find_first_not_of("0123456789 +()") == std::string::npos);
    const auto email = placeholder_for("ana@acme.com", "salt");
    CHECK(email.size() == std::string{"ana@acme.example"}.size());
    CHECK(email.ends_with(".example"));
    CHECK(placeholder_for("https://acme.com/ana", "salt").ends_with(".example/"));
}

TEST_CASE("a sanitized answer keeps ids, numbers, times and words of the manifest alone") {
    const auto plan = manifest();
    Sanitizer sanitizer{plan, {"s3cr3t-key"}, "salt"};
    const auto kept = sanitizer.sanitize(exchange(
        "https://acme.example.com/v1/deals",
        R"({"data":[{"id":"deal-7","title":"Renewal of Acme","amount":48000.10,"state":"won deal",)"
        R"("updated":"2026-11-20T08:00:00Z","owner":{"id":"ana@acme.com","name":"Ana Duarte"},)"
        R"("note":"key s3cr3t-key","phone":"491701234567","born":"1980-02-03","parent":"deal-7",)"
        R"("link":"https://acme.example.com/deal/7"}],"next":"bmV4dA=="})"));
    CHECK(kept.target == "/v1/deals");
    CHECK(kept.request_headers == net::Headers{{"accept", "a/b"}});
    CHECK(kept.headers ==
          net::Headers{{"date", "Fri, 20 Nov 2026 08:00:00 GMT"}, {"x-ratelimit-remaining", "99"}});
    for (const auto* text :
         {"\"id\":\"deal-7\"", "48000.10", "\"won deal\"", "\"2026-11-20T08:00:00Z\"",
          "\"1980-02-03\"", "\"parent\":\"deal-7\"", "bmV4dA=="}) {
        CAPTURE(text, kept.body);
        CHECK(kept.body.find(text) != std::string::npos);
    }
    for (const auto* text : {"Renewal", "Acme", "acme.com", "Ana", "Duarte", "s3cr3t",
                             "491701234567", "acme.example.com"}) {
        CAPTURE(text, kept.body);
        CHECK(kept.body.find(text) == std::string::npos);
    }

    SECTION("and a request that repeats a replaced text repeats its placeholder") {
        const auto asked = sanitizer.sanitize(
            exchange("https://acme.example.com/v1/deals?owner=ana%40acme.com", "{}"));
        CHECK(asked.target.find("ana") == std::string::npos);
        CHECK(asked.target.ends_with(".example"));
    }
    SECTION("and what was asked for survives its file") {
        CHECK(to_text(kept).find("s3cr3t") == std::string::npos);
        CHECK(to_text(kept).find("\"amount\": 48000.10") != std::string::npos);
    }
}

TEST_CASE("of rows that are arrays, the columns' names and what they mean are known, too") {
    const auto columns = GENERATE(true, false);
    CAPTURE(columns);
    const std::string shape = columns ? "columns = \"/columns/*\"" : "rows = \"header\"";
    const auto rows_manifest = manifest(R"(
[connector]
name = "acme"
base_url = "https://acme.example.com/v1"
[request.list]
get = "/deals"
records = "/rows"
)" + shape + R"(
[stream.opportunity]
request = "list"
id = "/Nr"
[stream.opportunity.map]
name = "/Title"
amount = "/Value"
created_at = "/Created at"
)");
    Sanitizer sanitizer{rows_manifest, {}, "salt"};
    const std::string names = R"(["Nr","Title","Created at","Value"])";
    const std::string row = R"(["A-1","Renewal of Acme","2026-11-20T08:00:00Z",48000.10])";
    const auto kept =
        sanitizer.sanitize(exchange("https://acme.example.com/v1/deals",
                                    columns ? R"({"columns":)" + names + R"(,"rows":[)" + row + "]}"
                                            : R"({"rows":[)" + names + "," + row + "]}"));
    CAPTURE(kept.body);
    CHECK(kept.body.find(names) != std::string::npos);
    CHECK(kept.body.find(R"(["A-1",")") != std::string::npos);
    CHECK(kept.body.find(R"("2026-11-20T08:00:00Z",48000.10])") != std::string::npos);
    CHECK(kept.body.find("Renewal") == std::string::npos);
    CHECK(kept.body.find("Acme") == std::string::npos);
}

TEST_CASE("a replay matches requests whatever the order of query and members") {
    const Recorded first{.method = "POST",
                         .target = "/search?a=1&b=2",
                         .request_body = R"({"x":1,"y":[2,3]})",
                         .status = 200,
                         .body = R"({"next":"https://crm.invalid/more"})"};
    Replay replay{{first}, "https://acme.example.com"};
    net::HttpRequest request;
    request.method = "POST";
    request.url = "https://acme.example.com/search?b=2&a=1";
    request.body = R"({"y":[2,3],"x":1})";
    CHECK(ask(replay, request).body == R"({"next":"https://acme.example.com/more"})");
    CHECK(replay.unasked().empty());

    request.body = R"({"y":[3,2],"x":1})";
    CHECK_THROWS_WITH(ask(replay, request),
                      Catch::Contains("POST /search?b=2&a=1 is not in the recording"));
    CHECK(replay.missing().size() == 1);
}

TEST_CASE(
    "a replay tells the same request its answers one after the other, without those to wait") {
    const auto answer = [](int status, const char* body) {
        return Recorded{.method = "GET", .target = "/job", .status = status, .body = body};
    };
    Replay replay{{answer(200, "1"), answer(429, "x"), answer(200, "2")}, "https://h.example"};
    net::HttpRequest request;
    request.url = "https://h.example/job";
    CHECK(ask(replay, request).body == "1");
    CHECK(ask(replay, request).body == "2");
    CHECK(ask(replay, request).body == "2");
}

namespace {

/// A session's key in the query, and, between quotes and as JSON in a form, in the body.
constexpr const char* session_manifest = R"(
[connector]
name = "acme"
base_url = "{settings.base_url}"
[settings]
base_url = ""
[retry]
tries = 1
[auth.token]
post = "{settings.base_url}/login"
form = { user = "{credential.user}" }
values = { session = "/session" }
[request.deals]
get = "/deals"
query = { sid = "{auth.session}" }
records = "/data"
[request.tasks]
post = "/tasks"
form = { filter = "owner = {credential.user as quoted}", data = { session = "{auth.session}" } }
records = "/data"
[stream.opportunity]
request = "deals"
[stream.opportunity.map]
name = "/title"
[stream.task]
request = "tasks"
[stream.task.map]
subject = "/title"
)";

/// A source of that manifest over any exchange.
class SessionBench {
public:
    explicit SessionBench(std::string base_url) {
        HttpSourceOptions http;
        http.settings["base_url"] = std::move(base_url);
        http.credentials["user"] = Secret{"o'hara@acme"};
        options_.name = "acme";
        options_.connector_options = std::move(http);
    }
    Manifest manifest() const {
        Diagnostics problems;
        auto compiled = compile_manifest_text(session_manifest, "acme.toml", options_, problems);
        INFO(problems.str());
        REQUIRE_FALSE(problems.has_errors());
        return compiled;
    }
    void pull(Manifest manifest, net::Exchange& exchange, std::size_t records) {
        boost::asio::thread_pool workers{1};
        const auto now = [] { return *parse_instant("2026-11-20T12:00:00Z"); };
        const auto source =
            make_http(std::move(manifest), options_, {exchange, workers, now, "", {}});
        std::size_t told = 0;
        for (const auto stream : source->streams()) {
            loop.restart();
            auto page = boost::asio::co_spawn(loop, source->fetch_page(stream, {}),
                                              boost::asio::use_future);
            loop.run();
            told += page.get().records.size();
        }
        CHECK(told == records);
    }
    boost::asio::io_context loop;

private:
    SourceOptions options_;
};

}  // namespace

TEST_CASE("a session's key that a request carries stands in no recording, which replays without") {
    tests::HttpServer server([](const tests::Request& request) {
        if (request.path == "/login")
            return tests::Reply::json(R"({"session":"k3y \"7\" s3cret"})");
        return tests::Reply::json(R"({"data":[{"id":1,"title":"k3y \"7\" s3cret"}]})");
    });
    SessionBench bench(server.url(""));
    net::HttpClient client{bench.loop.get_executor()};
    net::Capture capture{client};
    bench.pull(bench.manifest(), capture, 2);
    REQUIRE(capture.exchanged().size() == 2);  // the log-in is private

    const auto manifest = bench.manifest();
    Sanitizer sanitizer{manifest, {}, "salt"};
    std::vector<Recorded> recorded;
    for (const auto& exchange : capture.exchanged()) {
        for (const auto& one : {sanitizer.sanitize(exchange), sanitizer.strip(exchange)}) {
            const auto text = to_text(one);
            CAPTURE(text);
            CHECK(text.find("s3cret") == std::string::npos);
            CHECK(text.find("hara") == std::string::npos);
            CHECK((one.target + one.request_body).find("REDACTED") != std::string::npos);
        }
        recorded.push_back(sanitizer.sanitize(exchange));
    }

    auto silent = bench.manifest();
    silent.auth = {};
    silent.auth.stand_ins = {{"auth.session", std::string{redacted}},
                             {"credential.user", std::string{redacted}}};
    Replay replay{std::move(recorded), server.url("")};
    bench.pull(std::move(silent), replay, 2);
    CHECK(replay.missing().empty());
    CHECK(server.requests().size() == 3);
}
