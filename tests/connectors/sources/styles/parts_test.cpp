// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "connectors/sources/http/field_parts.hpp"
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <set>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;

namespace {

/// A request names up to four fields, of which two are the row's id and its version.
constexpr auto manifest = R"([auth]
kind = "bearer"
[request.changed]
get = "/tasks"
query = { fields = "{fields}", from = "{window.lo}", to = "{window.hi}" }
records = "/data"
fields = { below = "", most = 4 }
[request.by_id]
get = "/tasks/some"
query = { fields = "{fields}", ids = "{ids}" }
records = "/rows"
fields = { below = "", most = 4 }
[stream.task]
request = "changed"
walk = "window"
id = "/Id"
modified = "/Changed"
deleted = [{ at = "/Gone", in = ["true"] }]
[stream.task.map]
owner = "/Who/Id"
subject = { join = "{/First} {/Second}" }
type = { from = "/Kind", when = [{ at = "/Shown", in = ["yes"] }] }
is_done = "/Done"
[stream.task.by_id]
request = "by_id"
batch = 2
)";

const std::map<std::string, std::string> values{
    {"Changed", R"("2026-11-19T10:00:00Z")"},
    {"First", R"("Call")"},
    {"Second", R"("back")"},
    {"Kind", R"("demo")"},
    {"Shown", R"("yes")"},
    {"Done", "true"},
    {"Who", R"({"Id":"u1"})"},
    {"Gone", "false"},
};

/// Tells of each of its tasks what is asked for, and nothing else.
class Tasks {
public:
    Reply answer(const Request& request) {
        const auto asked = parameter(request, "fields");
        const auto names = split(asked, ',');
        most_asked = std::max<std::size_t>(most_asked, names.size());
        const bool by_id = request.path == "/tasks/some";
        std::string rows;
        for (const auto& id : ids_asked(request)) {
            if (by_id && id == forgotten) continue;
            std::string row = fmt::format(R"("Id":"{}")", id);
            for (const auto name : names) {
                const auto value = values.find(std::string{name});
                const bool is_gone = name == "Gone" && id == gone;
                if (value != values.end())
                    row += fmt::format(R"(,"{}":{})", name, is_gone ? "true" : value->second);
            }
            rows += (rows.empty() ? "{" : ",{") + row + "}";
        }
        return Reply::json(fmt::format(R"({{"{}":[{}]}})", by_id ? "rows" : "data", rows));
    }
    static std::vector<std::string> ids_asked(const Request& request) {
        if (request.path != "/tasks/some") return {"1", "2", "3"};
        const auto text = parameter(request, "ids");
        std::vector<std::string> ids;
        for (const auto id : split(text, ',')) ids.emplace_back(id);
        return ids;
    }
    std::atomic<std::size_t> most_asked = 0;
    std::string forgotten;  // has no such row by id
    std::string gone;
};

const Fields whole{{"owner", "u1"}, {"subject", "Call back"}, {"type", "demo"}, {"is_done", "1"}};

}  // namespace

TEST_CASE("fields that find no room in a question are read by the rows' ids") {
    Tasks tasks;
    StyleCrm crm{manifest, [&](const Request& request) { return tasks.answer(request); }};
    const auto store = crm.pull(Entity::task);
    for (const auto* id : {"1", "2", "3"}) CHECK(fields(store, Entity::task, id) == whole);
    CHECK(tasks.most_asked == 4);
    // Six fields beside id, version and whether it is gone: one goes with the page, and five by id,
    // one at a time, for two rows and for one.
    CHECK(crm.requests("/tasks").size() == 1);
    CHECK(crm.requests("/tasks/some").size() == 10);
}

TEST_CASE("records asked for by their ids have all their fields, in however many answers") {
    Tasks tasks;
    StyleCrm crm{manifest, [&](const Request& request) { return tasks.answer(request); }};
    Store store;
    keep(crm.bench.run(crm.source->fetch_records(Entity::task, {"2", "9"})), store);
    CHECK(fields(store, Entity::task, "2") == whole);
    CHECK(fields(store, Entity::task, "9") == whole);
    CHECK(tasks.most_asked == 4);
}

TEST_CASE("half a row is not believed, and its page is asked for again") {
    Tasks tasks;
    tasks.forgotten = "2";
    StyleCrm crm{manifest, [&](const Request& request) { return tasks.answer(request); }};
    const auto failure = crm.failure(incremental(Entity::task));
    CHECK(failure.kind() == FailureKind::transient);
    CHECK(holds(failure.what(), "some fields of a task and not the others"));
    tasks.forgotten.clear();
    CHECK(crm.pull(Entity::task).size() == 3);
}

TEST_CASE("of a row that tells a deletion nothing more is asked") {
    Tasks tasks;
    tasks.forgotten = tasks.gone = "2";
    StyleCrm crm{manifest, [&](const Request& request) { return tasks.answer(request); }};
    const auto store = crm.pull(Entity::task);
    CHECK(store.at({Entity::task, "2"}).deleted);
    CHECK(fields(store, Entity::task, "3") == whole);
}

TEST_CASE("more fields than a request has room for need a way to read the others") {
    std::string text = manifest;
    text.erase(text.find("[stream.task.by_id]"));
    HttpBench bench;
    Diagnostics problems;
    sources::compile_manifest_text(style(text), "ours.toml",
                                   bench.options(style(text), "http://127.0.0.1:1"), problems);
    CHECK(
        holds(problems.str(), "the request \"changed\" has no room for the 9 fields of \"task\""));
    CHECK(holds(problems.str(), "add a [stream.task.by_id]"));
}

TEST_CASE("fields are parted by their number or their length, and each part has the keys") {
    using Parts = std::vector<std::vector<std::string>>;
    sources::FieldNames names;
    const std::vector<std::string> four{"aa", "bb", "id", "zz"};
    CHECK(sources::field_parts(names, four, {"id"}) == Parts{four});
    names.most = 4;
    CHECK(sources::field_parts(names, four, {"id"}) == Parts{four});
    names.most = 3;
    CHECK(sources::field_parts(names, four, {"id"}) == Parts{{"id", "aa", "bb"}, {"id", "zz"}});
    names.most = 0;
    // Each name takes its two letters and three for a comma: ten are two names.
    names.longest = 10;
    CHECK(sources::field_parts(names, four, {"id"}) ==
          Parts{{"id", "aa"}, {"id", "bb"}, {"id", "zz"}});
    // One that is too long by itself is asked for all the same.
    names.longest = 1;
    CHECK(sources::field_parts(names, {"aa"}, {}) == Parts{{"aa"}});
    CHECK(sources::field_parts(names, {"aa", "bb"}, {}) == Parts{{"aa"}, {"bb"}});
}
