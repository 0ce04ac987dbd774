// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/manifest.hpp"

#include "connectors/sources/http/http_source.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::sources;

namespace {

/// A small sound manifest, with room for a mistake.
std::string manifest(const std::string& request = "", const std::string& stream = "",
                     const std::string& map = "", const std::string& top = "") {
    return R"([connector]
name = "small"
base_url = "{settings.base_url}"
[settings]
base_url = "https://api.example.com"
[auth]
kind = "bearer"
[request.list]
get = "/tasks"
records = "/data"
)" + request +
           R"(
[stream.task]
request = "list"
)" + stream +
           R"(
[stream.task.map]
subject = "/title"
)" + map + "\n" +
           top;
}

std::string problems_of(const std::string& text,
                        const std::function<void(SourceOptions&)>& change = {}) {
    tests::HttpBench bench;
    auto options = bench.shipped("small", "https://api.example.com");
    if (change) change(options);
    Diagnostics problems;
    compile_manifest_text(text, "small.toml", options, problems);
    return problems.str();
}

HttpSourceOptions& http(SourceOptions& options) {
    return std::get<HttpSourceOptions>(options.connector_options);
}

}  // namespace

TEST_CASE("the shipped manifests are sound") {
    tests::HttpBench bench;
    Diagnostics problems;
    check_http(bench.shipped("hubspot", "https://api.hubapi.com"),
               std::string{NUDGED_SOURCE_DIR} + "/connectors/manifests", problems);
    CHECK(problems.str() == "");
}

TEST_CASE("a sound manifest has no problems") {
    CHECK(problems_of(manifest()) == "");
}

TEST_CASE("a mistake in a manifest is told with its place, and what was meant") {
    struct Case {
        const char* name;
        std::string text;
        std::string problem;
    };
    const auto c = GENERATE(values<Case>({
        {"unknown key", manifest("limt = 5"),
         "small.toml:11:1: unknown key \"limt\", did you mean \"limit\"?\n"},
        {"unknown entity", manifest("", "", "", "[stream.tsk]\nrequest = \"list\""),
         "small.toml:18:1: there is no entity \"tsk\" to pull, did you mean \"task\"?\n"},
        {"unknown field", manifest("", "", "subjct = \"/x\""),
         "small.toml:17:10: task has no field \"subjct\", did you mean \"subject\"?\n"},
        {"bad pointer", manifest("", "", "due_at = \"due\""),
         "small.toml:17:10: \"due\" is no JSON pointer, begin it with / (or with ../ for what "
         "holds the record), close every [, or write @key alone\n"},
        {"unknown conversion", manifest("", "", "due_at = { from = \"/due\", as = \"instnt\" }"),
         "small.toml:17:10: unknown conversion \"instnt\", did you mean \"instant\"?\n"},
        {"unknown request",
         manifest("", "", "",
                  "[stream.call]\nrequest = \"lst\"\n[stream.call.map]\nsubject = \"/t\""),
         "small.toml:19:11: there is no request \"lst\", did you mean \"list\"?\n"},
        {"a placeholder that nothing gives", manifest("query = { type = \"{kind}\" }"),
         "small.toml:13:11: the request \"list\" needs {kind}, which nothing gives, add it to with "
         "= { kind = … }\n"},
        {"an argument that nobody asks for", manifest("", "with = { kind = \"task\" }"),
         "small.toml:14:8: the request \"list\" does not ask for {kind}, there are no "
         "placeholders\n"},
        {"an argument to repeat that nobody asks for", manifest("echo = [\"kind\"]"),
         "small.toml:11:8: the request \"list\" does not ask for {kind}, there are no "
         "placeholders\n"},
        {"a limiter that counts what nobody does",
         manifest("", "", "", "[[limiter]]\nname = \"time\"\ncounts = \"second\""),
         "small.toml:20:10: no limiter counts \"second\", did you mean \"seconds\"?\n"},
        {"another name of a field that is none",
         manifest("", "", "",
                  "[stream.task.describe]\nrequest = \"list\"\nnames = \"/n\"\n"
                  "forms = \"_value\""),
         "small.toml:21:9: \"_value\" does not say where the name stands, write {name} in it, such "
         "as \"_{name}_value\"\n"},
        {"scopes of a stream that is none", manifest("", "", "", "[scopes]\ntsk = [\"read\"]"),
         "small.toml:19:7: there is no stream \"tsk\" to need a scope, did you mean \"task\"?\n"},
        {"unknown error class",
         manifest("", "", "", "[[error]]\nstatus = 400\nclass = \"transent\""),
         "small.toml:20:9: unknown error class \"transent\", did you mean \"transient\"?\n"},
        {"a window without a modified time", manifest("", "walk = \"window\""),
         "small.toml:12:1: a window needs to know when a record was modified, add modified = "
         "\"/…\"\n"},
        {"a window that reaches back only so far, and nothing else",
         manifest("", "walk = \"window\"\nmodified = \"/m\"\nwindow = { reach = \"29d\" }"),
         "small.toml:16:10: what lies beyond the reach of its windows is never told, add a "
         "backfill "
         "that tells all there is, or leave out reach\n"},
        {"windows that look back further than they reach",
         manifest("", "", "", "[window]\nreach = \"29d\"\nlookback = \"30d\""),
         "small.toml:19:9: the windows look back further than the CRM remembers, write less than "
         "that for lookback and deep_lookback\n"},
        {"a list that goes on ahead",
         manifest("", "", "", "[stream.task.backfill]\nrequest = \"list\"\nahead = true"),
         "small.toml:20:9: only windows end anywhere, leave it out, or set walk = \"window\"\n"},
        {"a limiter that is not there", manifest("limiters = [\"general\"]"),
         "small.toml:11:12: there is no limiter \"general\", there are no limiters\n"},
        {"a path that would lead to another host",
         manifest("", "", "", "[request.away]\nget = \"@elsewhere.example/tasks\""),
         "small.toml:19:7: a path begins with /, what stands before it is the base_url\n"},
        {"pages that nothing leads on from", manifest("query = { size = \"{limit}\" }"),
         "small.toml:8:1: warning: {limit} says how many records a page has, and nothing leads to "
         "the next, name {page.number}, {page.offset} or {keyset.last_id} in the request, or say "
         "where the answer has the next page: next, next_url or next_header\n"},
        {"two ways to the next page",
         manifest("query = { beyond = \"{keyset.last_id}\" }\nnext = \"/next\""),
         "small.toml:8:1: pages can follow one another in one way only, keep one of next, "
         "next_url, "
         "next_header, {keyset.last_id} and {page.number}\n"},
        {"pages that are counted and go by a token, and say nothing of their end",
         manifest("query = { page = \"{page.number}\", after = \"{page.token}\" }\n"
                  "next = \"/next\""),
         "small.toml:8:1: pages are counted until the CRM gives a token, and nothing says whether "
         "there is one behind a page without a token, add more, total or total_header; or leave "
         "out {page.number} and {page.offset} where each page gives a token\n"},
        {"the wrong type", manifest("limit = \"many\""),
         "small.toml:11:9: \"limit\" is not a whole number from 1 to 1000000, write a whole number "
         "from 1 to 1000000\n"},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(problems_of(c.text) == c.problem);
    }
}

TEST_CASE("what a source gives a manifest is checked against it") {
    const auto missing = [](SourceOptions& options) { http(options).credentials.clear(); };
    CHECK(problems_of(manifest(), missing) ==
          "sources.d/crm.toml:1:1: the credential \"token\" is missing, give it under credentials, "
          "such as token = { file = \"…\" }\n");
    const auto another = [](SourceOptions& options) {
        http(options).credentials.clear();
        http(options).credentials["tokn"] = Secret{"x"};
    };
    CHECK(problems_of(manifest(), another) ==
          "sources.d/crm.toml:1:1: the manifest names the credential \"token\", and here is "
          "\"tokn\", write {credential.tokn} in small, or token here\n");
    const auto setting = [](SourceOptions& options) { http(options).settings["base_ul"] = "x"; };
    CHECK(problems_of(manifest(), setting) ==
          "sources.d/crm.toml:1:1: the manifest has no setting \"base_ul\", did you mean "
          "\"base_url\"?\n");
    const auto stream = [](SourceOptions& options) { http(options).streams = {"taks"}; };
    CHECK(problems_of(manifest(), stream) ==
          "sources.d/crm.toml:1:1: the manifest has no stream \"taks\", did you mean \"task\"?\n");
}

TEST_CASE("a setting without a default has to be given, and is told by what it is") {
    auto text = manifest();
    text.insert(text.find("[auth]"), "org = { required = \"the name in the address\" }\n");
    CHECK(problems_of(text) ==
          "sources.d/crm.toml:1:1: the setting \"org\" has to be given: the name in the address, "
          "add settings = { org = \"…\" } to the source\n");
    const auto blank = [](SourceOptions& options) { http(options).settings["org"] = ""; };
    CHECK(problems_of(text, blank).find("has to be given") != std::string::npos);
    const auto given = [](SourceOptions& options) { http(options).settings["org"] = "acme"; };
    CHECK(problems_of(text, given) == "");
    CHECK(problems_of("[settings]\nbase_url = { requird = \"x\" }\n")
              .find("unknown key \"requird\", did you mean \"required\"?") != std::string::npos);
}

TEST_CASE("rows that tell several entities are asked for what all of these read") {
    constexpr auto text = R"([connector]
name = "small"
base_url = "{settings.base_url}"
[settings]
base_url = "https://api.example.com"
[auth]
kind = "bearer"
[request.list]
get = "/rows"
query = { fields = "{fields}", kind = "{kind}" }
records = "/data"
fields = { below = "" }
[stream.task]
request = "list"
with = { kind = "all" }
[stream.task.map]
subject = "/Subject"
[stream.task.backfill]
request = "list"
[stream.call]
fed_by = "task"
[stream.call.map]
duration_s = "/Length"
[stream.meeting]
fed_by = "task"
records = "/data/*/meetings"
[stream.meeting.map]
subject = "/Topic"
)";
    tests::HttpBench bench;
    Diagnostics problems;
    const auto compiled = compile_manifest_text(
        text, "small.toml", bench.shipped("small", "https://api.example.com"), problems);
    REQUIRE(problems.str() == "");
    const auto& task = *compiled.find(model::Entity::task);
    // Those of a list inside the rows are no fields of theirs.
    const Variable wanted{std::vector<std::string>{"Length", "Subject", "id"}};
    CHECK(task.walk.passes.front().with.at("fields") == wanted);
    CHECK(task.backfill->walk.passes.front().with.at("fields") == wanted);
}

TEST_CASE("ten mistakes take one round") {
    const auto problems = problems_of(manifest("limt = 5", "wlk = \"list\"", "subjct = \"/x\""));
    CHECK(problems.find("limt") != std::string::npos);
    CHECK(problems.find("wlk") != std::string::npos);
    CHECK(problems.find("subjct") != std::string::npos);
}

TEST_CASE("a manifest that is not there names the file") {
    tests::HttpBench bench;
    Diagnostics problems;
    check_http(bench.shipped("hubspt", "https://x.example"), "/nowhere", problems);
    CHECK(problems.str().find("/nowhere/hubspt.toml") == 0);
}

TEST_CASE("streams come in the order in which others refer to them") {
    tests::HttpBench bench;
    const auto source = bench.source(bench.shipped("hubspot", "https://api.hubapi.com"));
    std::string order;
    for (const auto stream : source->streams())
        if (stream.lane == model::Lane::incremental)
            order += std::string{to_string(stream.entity)} + " ";
    CHECK(order ==
          "user account contact pipeline stage opportunity call task meeting email custom_field ");
    CHECK(source->interval({model::Entity::call, model::Lane::deletions},
                           std::chrono::minutes{5}) == std::chrono::hours{6});
    CHECK(source->interval({model::Entity::call}, std::chrono::minutes{5}) ==
          std::chrono::minutes{5});
}

TEST_CASE("what a credential lacks is what no granted scope meets") {
    const std::vector<std::string> needs{"users:read", "deals:read|deals:full"};
    CHECK(missing_scopes("base users:read deals:full", needs).empty());
    CHECK(missing_scopes("Users:Read,deals:read", needs).empty());
    CHECK(missing_scopes("base deals:fuller", needs) == needs);
    CHECK(missing_scopes("", {}).empty());
    CHECK(scope_text("deals:read|deals:full|admin") == "deals:read (or deals:full, admin)");
    CHECK(scope_text("api") == "api");

    ScopePlan plan;
    plan.every = {"api"};
    plan.streams[model::Entity::task] = {"tasks"};
    CHECK(plan.needs_of(model::Entity::task) == std::vector<std::string>{"api", "tasks"});
    CHECK(plan.needs_of(model::Entity::call) == std::vector<std::string>{"api"});
}

TEST_CASE("the manifests that ship ask for scopes of streams that they have") {
    tests::HttpBench bench;
    for (const auto* name : {"pipedrive", "salesforce", "zoho"}) {
        CAPTURE(name);
        Diagnostics problems;
        const auto text = bench.shipped_text(name, {});
        const auto plan = compile_manifest_text(text, name, bench.shipped(name, ""), problems);
        for (const auto& [entity, needs] : plan.scopes.streams) {
            CAPTURE(to_string(entity));
            CHECK(plan.find(entity) != nullptr);
            CHECK_FALSE(needs.empty());
        }
        CHECK(plan.scopes.every.size() + plan.scopes.streams.size() > 0);
    }
}
