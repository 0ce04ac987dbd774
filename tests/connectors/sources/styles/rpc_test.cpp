// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

#include <mutex>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;

namespace {

/// One path for everything: the method and what it is given stand in the body, and errors in
/// answers of 200.
constexpr auto manifest = R"(
[auth.headers]
Cookie = "sid={auth.sid}"
[[auth.token]]
post = "/jsonrpc"
body = { jsonrpc = "2.0", method = "login", params = ["{credential.user}", "{credential.password}"] }
values = { key = "/result/key", sid = { cookie = "sid" } }
lifetime = "1h"
[[auth.error]]
status = 200
match = { at = "/error/code", present = true }
class = "auth_dead"

[[error]]
status = 200
match = { at = "/error/code", in = ["100"] }
class = "refresh_auth"
[[error]]
status = 200
match = { at = "/error/data/name", contains = ["AccessError"] }
class = "forbidden_stream"
[[error]]
status = 200
match = { at = "/error/code", present = true }
class = "bad_request"

[request.search]
post = "/jsonrpc"
records = "/result/rows"
rows = "header"
total = "/result/count"
limit = 2
[request.search.body]
jsonrpc = "2.0"
method = "search"
[request.search.body.params]
key = "{auth.key}"
model = "{model}"
where = [["changed", ">=", "{window.lo as local}"], ["changed", "<", "{window.hi as local}"]]
page = "{page.number}"
size = "{limit}"

[request.users]
post = "/jsonrpc"
records = "/result/*"
body = { method = "users", params = { key = "{auth.key}" } }

[stream.user]
request = "users"
id = "@key"
[stream.user.map]
name = "/name"
active = "/active"

[stream.task]
request = "search"
with = { model = "todo" }
walk = "window"
modified = "/changed"
[stream.task.map]
subject = "/title"
owner = "/owner/0"
due_at = { from = "/due", zone = "America/New_York" }
priority = "/priority"
type = "/kind"
is_done = "/done"

[stream.call]
request = "search"
with = { model = "dial" }
walk = "window"
modified = "/changed"
[stream.call.map]
subject = "/title"
)";

constexpr auto page_1 = R"({"jsonrpc":"2.0","result":{"count":3,"rows":[
["id","title","owner","due","priority","kind","done","changed"],
[9007199254740993,"Call back",[7,"Ana"],"2026-11-20 09:30:00","high","phone",false,"2026-11-20 08:15:00"],
[18,"Offer",false,false,"",[],true,"2026-07-01 08:15:00"]]}})";
constexpr auto page_2 = R"({"jsonrpc":"2.0","result":{"count":3,"rows":[
["id","title","owner","due","priority","kind","done","changed"],
[19,false,[],null,{},"",null,"2026-11-20 08:15:00"]]}})";

std::string error(const char* code, const char* name) {
    return fmt::format(R"({{"jsonrpc":"2.0","error":{{"code":{},"data":{{"name":"{}"}}}}}})", code,
                       name);
}

/// Knows the key that it gave last, until it forgets it.
class RpcServer {
public:
    Reply answer(const Request& request) {
        const std::lock_guard lock(mutex_);
        if (holds(request.body, R"("method":"login")")) return log_in(request);
        const bool is_known = holds(request.body, fmt::format(R"("key":"k{}")", logins_)) &&
                              request.header("cookie") == fmt::format("sid=c{}", logins_);
        if (!is_known || forgetful_) return Reply::json(error("100", "SessionExpired"));
        if (holds(request.body, R"("method":"users")"))
            return Reply::json(R"({"result":{"7":{"name":"Ana","active":true},)"
                               R"("9":{"name":"Ben","active":false}}})");
        if (holds(request.body, R"("model":"dial")")) return Reply::json(calls_);
        return Reply::json(holds(request.body, R"("page":1,)") ? page_1 : page_2);
    }
    void forget() {
        const std::lock_guard lock(mutex_);
        ++logins_;
    }
    void forget_always() {
        const std::lock_guard lock(mutex_);
        forgetful_ = true;
    }
    void answer_calls(std::string body) {
        const std::lock_guard lock(mutex_);
        calls_ = std::move(body);
    }

private:
    Reply log_in(const Request& request) {
        if (!holds(request.body, R"("params":["ana","s3cret"])"))
            return Reply::json(error("401", "BadPassword"));
        ++logins_;
        return with_header(Reply::json(fmt::format(R"({{"result":{{"key":"k{}"}}}})", logins_)),
                           "Set-Cookie", fmt::format("sid=c{}; Path=/; HttpOnly", logins_));
    }
    std::mutex mutex_;
    int logins_ = 0;
    bool forgetful_ = false;
    std::string calls_ = R"({"result":{"count":0,"rows":[]}})";
};

const StyleCrm::Credentials ana{{"user", "ana"}, {"password", "s3cret"}};

std::size_t logins(const StyleCrm& crm) {
    std::size_t count = 0;
    for (const auto& request : crm.server.requests())
        count += holds(request.body, R"("method":"login")") ? 1 : 0;
    return count;
}

struct Rpc {
    explicit Rpc(const StyleCrm::Credentials& who = ana)
        : crm(
              manifest, [this](const Request& request) { return server.answer(request); }, who) {}
    RpcServer server;
    StyleCrm crm;
};

}  // namespace

TEST_CASE("a JSON-RPC CRM tells rows under a header, pairs for references and false for null") {
    Rpc rpc;
    const auto store = rpc.crm.pull(Entity::task);
    CHECK(store.size() == 3);
    // 09:30 in New York is 14:30 UTC in November.
    CHECK(fields(store, Entity::task, "9007199254740993") ==
          Fields{{"subject", "Call back"},
                 {"owner", "7"},
                 {"due_at", at("2026-11-20T14:30:00Z")},
                 {"priority", "high"},
                 {"type", "phone"},
                 {"is_done", "0"}});
    CHECK(fields(store, Entity::task, "18") == Fields{{"subject", "Offer"}, {"is_done", "1"}});
    CHECK(fields(store, Entity::task, "19") == Fields{});
    // 08:15 in Berlin: an hour ahead of UTC in November, two in July.
    CHECK(store.at({Entity::task, "19"}).modified == parse_instant("2026-11-20T07:15:00Z"));
    CHECK(store.at({Entity::task, "18"}).modified == parse_instant("2026-07-01T06:15:00Z"));
}

TEST_CASE("a JSON-RPC CRM is asked by method and params, in the local time that it filters by") {
    Rpc rpc;
    rpc.crm.pull(Entity::task);
    const auto requests = rpc.crm.requests("/jsonrpc");
    REQUIRE(requests.size() == 3);
    CHECK(requests[0].method == "POST");
    CHECK(requests[0].body == R"({"jsonrpc":"2.0","method":"login","params":["ana","s3cret"]})");
    // From 1970 on to noon in UTC.
    CHECK(requests[1].body ==
          R"({"jsonrpc":"2.0","method":"search","params":{"key":"k1","model":"todo","page":1,)"
          R"("size":2,"where":[["changed",">=","1970-01-01 01:00:00"],)"
          R"(["changed","<","2026-11-20 13:00:00"]]}})");
    CHECK(holds(requests[2].body, R"("page":2,)"));
    CHECK(requests[2].header("cookie") == "sid=c1");
}

TEST_CASE("objects keyed by id are records with the key for their id") {
    Rpc rpc;
    const auto store = rpc.crm.pull(Entity::user);
    CHECK(store.size() == 2);
    CHECK(fields(store, Entity::user, "7") == Fields{{"name", "Ana"}, {"active", "1"}});
    CHECK(fields(store, Entity::user, "9") == Fields{{"name", "Ben"}, {"active", "0"}});
}

TEST_CASE("a session that has run out, said in an answer of 200, is renewed once") {
    Rpc rpc;
    rpc.crm.pull(Entity::task);
    rpc.server.forget();
    CHECK(rpc.crm.pull(Entity::task).size() == 3);
    CHECK(logins(rpc.crm) == 2);
    rpc.server.forget_always();
    CHECK_THROWS_AS(rpc.crm.pull(Entity::task), sources::DeadCredential);
    CHECK(logins(rpc.crm) == 3);
}

TEST_CASE("a log-in that is refused in an answer of 200 needs a person, and is tried once") {
    Rpc rpc({{"user", "ana"}, {"password", "wr0ng"}});
    const auto failure = rpc.crm.failure(Entity::task);
    CHECK(failure.kind() == FailureKind::needs_person);
    CHECK_FALSE(holds(failure.what(), "wr0ng"));
    CHECK(rpc.crm.failure(Entity::user).kind() == FailureKind::needs_person);
    CHECK(rpc.crm.server.requests().size() == 1);
}

TEST_CASE("an error in an answer of 200 ends its own stream, and is not asked for again") {
    struct Case {
        const char* name;
        std::string answer;
        FailureKind kind;
        const char* told;
    };
    const auto c = GENERATE(values<Case>({
        {"a wrong filter value", error("-32602", "ValueError"), FailureKind::refused,
         "request \"search\" was answered with 200: bad_request"},
        {"no right to it", error("200", "odd.AccessError"), FailureKind::needs_person,
         "request \"search\" was answered with 200: forbidden_stream"},
    }));
    DYNAMIC_SECTION(c.name) {
        Rpc rpc;
        rpc.server.answer_calls(c.answer);
        const auto failure = rpc.crm.failure(Entity::call);
        CHECK(to_string(failure.kind()) == to_string(c.kind));
        CHECK(holds(failure.what(), c.told));
        CHECK(rpc.crm.server.requests().size() == 2);
        CHECK(rpc.crm.pull(Entity::task).size() == 3);
    }
}
