// SPDX-License-Identifier: Apache-2.0
// What holds for every manifest that ships, whatever its CRM answers.
#include "connectors/sources/http/manifest.hpp"
#include "connectors/sources/recording/tree.hpp"
#include "connectors/sources/source.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/rsa_key.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <regex>

using namespace nudged;
using namespace nudged::tests;
using namespace nudged::sources;

namespace {

using Texts = std::map<std::string, std::string>;

constexpr auto secret = "s3cr3t-w0rd";

/// A manifest and what a source gives it; @URL is the server.
struct Account {
    std::string name;
    Texts settings;
    Texts credentials{{"token", secret}};
};

const std::vector<Account>& accounts() {
    static const Texts client{{"client_id", "app"}, {"client_secret", secret}};
    static const Texts person{
        {"client_id", "app"}, {"client_secret", secret}, {"refresh_token", "r-s3cr3t-w0rd"}};
    static const std::vector<Account> all{
        {"hubspot", {}},
        {"salesforce", {{"login_url", "@URL"}}, client},
        {"pipedrive", {}},
        {"zoho", {{"accounts_url", "@URL"}}, person},
        {"dynamics365", {{"login_url", "@URL"}, {"org", "acme"}}, client},
        {"close", {}},
        {"zendesk-sell", {}},
        {"copper", {{"call_types", "1"}}, {{"token", secret}, {"email", "ana@acme.example"}}},
        {"freshsales",
         {{"domain", "a.example"},
          {"deals_view", "1"},
          {"contacts_view", "2"},
          {"accounts_view", "3"}}},
        {"google-sheets",
         {{"token_url", "@URL/token"}, {"spreadsheet", "s"}},
         {{"client_email", "ana@acme.example"}, {"private_key", "(made)"}}},
    };
    return all;
}

SourceOptions options_of(const Account& account, HttpBench& bench, const std::string& url) {
    auto text = bench.shipped_text(account.name, {});
    // So that nothing waits.
    for (const auto& [from, to] :
         {std::pair{R"(\ntries\s*=.*)", "\ntries = 2"},
          std::pair{R"(\nbase\s*=.*)", "\nbase = \"1ms\""},
          std::pair{R"(\ncap\s*=.*)", "\ncap = \"2ms\""},
          std::pair{R"(\ncapacity\s*=\s*[0-9_]+)", "\ncapacity = 1000000"}})
        text = std::regex_replace(text, std::regex{from}, to);
    auto options = bench.options(text, url);
    auto& http = std::get<HttpSourceOptions>(options.connector_options);
    http.settings.erase("base_url");
    if (account.name != "salesforce") http.settings["base_url"] = url;
    for (auto [name, value] : account.settings) {
        if (value.starts_with("@URL")) value.replace(0, 4, url);
        http.settings[name] = value;
    }
    http.credentials.clear();
    for (const auto& [name, value] : account.credentials)
        http.credentials[name] = Secret{name == "private_key" ? make_rsa_key().private_pem : value};
    return options;
}

/// Token requests are answered well, all others in the same way.
class Server {
public:
    explicit Server(Reply reply)
        : reply_(std::move(reply)), server_([this](const Request& request) {
              const bool is_token =
                  request.method == "POST" && request.path.find("token") != std::string::npos;
              return is_token ? Reply::json(grant_) : reply_;
          }) {
        grant_ = fmt::format(R"({{"access_token":"a-{}","expires_in":3600,"instance_url":"{}",)"
                             R"("api_domain":"{}"}})",
                             secret, server_.url(""), server_.url(""));
    }
    std::string url() const { return server_.url(""); }
    std::size_t requests() const { return server_.requests().size(); }

private:
    std::string grant_;
    Reply reply_;
    HttpServer server_;
};

/// The first page of every stream: each fails by itself and in words fit for anybody, or tells
/// nothing.
void pull_all_streams(const Account& account, const Reply& reply) {
    Server server(reply);
    HttpBench bench;
    const auto source = bench.source(options_of(account, bench, server.url()));
    for (const auto stream : source->streams()) {
        const auto name = fmt::format("{}/{}", to_string(stream.entity), to_string(stream.lane));
        INFO(name);
        const auto asked = server.requests();
        const bool is_news = stream.lane == model::Lane::incremental;
        try {
            const auto page = bench.fetch(*source, stream, is_news ? since_1970 : model::Cursor{});
            // Of a field of an admin's the name is the id, and any text or number is a name.
            if (stream.entity != model::Entity::custom_field) CHECK(page.records.empty());
        } catch (const Failure& failure) {
            const std::string what = failure.what();
            INFO(what);
            CHECK(failure.kind() != FailureKind::corrupt);
            CHECK(what.find(secret) == std::string::npos);
            CHECK(what.find("hostile") == std::string::npos);
            CHECK(what.size() > 20);
        }
        constexpr std::size_t most = 40;
        CHECK(server.requests() - asked <= most);
    }
}

/// An id that would end every literal it could stand in.
constexpr auto hostile_id = R"(x' or "y" \)";

/// Whether a text holds the id in any way but as the whole, or as one of a list.
bool is_injected(const std::string& text) {
    const std::string two = fmt::format("{0},{0}", hostile_id);
    return text != hostile_id && text != two && text.find(hostile_id) != std::string::npos;
}

void check_texts(const recording::Tree& tree) {
    if (tree.kind == recording::Tree::Kind::text) {
        INFO(tree.text);
        CHECK_FALSE(is_injected(tree.text));
    }
    for (const auto& member : tree.members) check_texts(member.value);
}

}  // namespace

TEST_CASE("no answer, however bad, does more to a CRM's stream than end it") {
    HttpServer elsewhere([](const Request&) { return Reply::json("[]"); });
    auto away = Reply::text("", 307);
    away.headers.emplace_back("Location", elsewhere.url("/hostile"));
    auto cut = Reply::json(R"({"data":[{"id":1}],"results":[{"id":1}]})");
    cut.cut_after = 20;
    // Under all names that lists have: what is no record, has no id, or one that is none.
    const std::string rows = R"([7,"hostile",null,[],{"id":null},{"id":{"id":1}},{"Id":[]}])";
    std::string wrong = "{";
    for (const auto* name : {"results", "records", "data", "value", "items", "values", "deals",
                             "tasks", "users", "modules", "fields", "contacts", "sales_accounts"})
        wrong += fmt::format(R"({}"{}":{})", wrong.size() == 1 ? "" : ",", name, rows);
    const std::vector<std::pair<const char*, Reply>> replies{
        {"HTML", Reply::text("<html><body>hostile</body></html>")},
        {"HTML under 503", Reply::text("<html><body>hostile</body></html>", 503)},
        {"an error in HTML", Reply::text("<html>hostile</html>", 403)},
        {"nothing", Reply::text("")},
        {"half a body", cut},
        {"half of the JSON", Reply::json(R"({"data":[{"id":"hostile)")},
        {"null", Reply::json("null")},
        {"a text", Reply::json("\"hostile\"")},
        {"no UTF-8", Reply::json("{\"data\":\"\xff\xfe\",\"results\":\"\xc3\"}")},
        {"wrong types", Reply::json(wrong + "}")},
        {"an error of another shape", Reply::json(R"({"error":{"hostile":[1]}})", 400)},
        {"an error in an answer of 200",
         Reply::json(R"({"error":{"code":7,"message":"hostile"},"errors":[{"hostile":1}]})")},
        {"a hundred thousand levels", Reply::json(std::string(100'000, '['))},
        {"a redirect to another host", away},
    };
    for (const auto& account : accounts())
        for (const auto& [name, reply] : replies) {
            DYNAMIC_SECTION(account.name << ": " << name) {
                pull_all_streams(account, reply);
                CHECK(elsewhere.connections() == 0);
            }
        }
}

TEST_CASE("no id ends the literal that it stands in, in any CRM's query language") {
    for (const auto& account : accounts()) {
        DYNAMIC_SECTION(account.name) {
            HttpBench bench;
            Diagnostics problems;
            const auto options = options_of(account, bench, "http://127.0.0.1:1");
            const auto manifest = compile_manifest(
                std::get<HttpSourceOptions>(options.connector_options).manifest, options, problems);
            REQUIRE(problems.str() == "");
            const std::vector<std::string> ids{hostile_id, hostile_id};
            Variables variables{{"keyset.last_id", hostile_id},
                                {"page.token", hostile_id},
                                {"job.id", hostile_id},
                                {"each.id", hostile_id},
                                {"ids", ids}};
            for (const auto& request : manifest.requests) {
                INFO(request.name);
                each_name(request, [&](const std::string& name) {
                    const bool is_time = name.starts_with("window.");
                    variables.try_emplace(name, is_time ? Variable{Instant{}} : Variable{"plain"});
                });
                for (const auto& [name, value] : request.query) {
                    INFO(name);
                    CHECK_FALSE(is_injected(value.text(variables).value_or("")));
                }
                if (!request.body || request.is_form) continue;
                const auto body = recording::parse_tree(request.body->json(variables, ids));
                REQUIRE(body);
                check_texts(*body);
            }
        }
    }
}
