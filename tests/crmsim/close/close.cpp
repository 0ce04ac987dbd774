// SPDX-License-Identifier: Apache-2.0
// Close: who may ask, and which path leads where. Control requests below /_sim/dialect/:
//   POST max_skip    {"max_skip": 1000}                  how deep lists can be paged
//   POST merge_leads {"from": "7001", "into": "7002"}    all that the one lead has goes to the
//   other POST end_tokens                                      access tokens are refused from now
//   on
#include "connectors/base/text.hpp"
#include "tests/crmsim/close/events.hpp"
#include "tests/crmsim/close/limits.hpp"
#include "tests/crmsim/common/forms.hpp"
#include "tests/crmsim/common/granted_tokens.hpp"

#include <charconv>

namespace nudged::crmsim {
namespace {

using namespace close;

constexpr std::string_view base = "/api/v1/";

Zone organization_zone(const Dataset& dataset) {
    return Zone::find(dataset.time_zone).value_or(Zone::utc());
}

std::int64_t id_member(const rapidjson::Value& order, const char* name) {
    const std::string text = loopback::text_member(order, name);
    std::int64_t id = 0;
    std::from_chars(text.data(), text.data() + text.size(), id);
    return id;
}

class Close : public Dialect {
public:
    explicit Close(const DialectContext& context)
        : options_(context.options),
          organization_{context.dataset, organization_zone(context.dataset)},
          lists_(organization_),
          events_(organization_, context.options.clock()),
          limits_(context.options.quotas),
          // Close replaces the refresh token at each use, whatever the options say.
          tokens_("close-", context.options.token, context.options.token_life, true) {}

    Reply answer(const Request& request, Instant now) override {
        if (request.path == "/oauth2/token/") return grant(request, now);
        check_credentials(request, now);
        if (auto refusal = limits_.refuse(request, now)) return *refusal;
        const std::string_view path = request.path;
        if (request.method != "GET" || !path.starts_with(base) || !path.ends_with('/'))
            throw failure(404, "Not found.");
        return answer_path(path.substr(base.size(), path.size() - base.size() - 1), request, now);
    }
    void add_headers(const Request& request, Reply& reply, Instant now) override {
        limits_.add_headers(request, reply, now);
    }
    void before_change(ObjectType type, std::int64_t id, Instant now) override {
        events_.before_change(type, id, now);
    }
    void after_change(std::string_view action, ObjectType type, std::int64_t id,
                      Instant now) override {
        events_.after_change(action, type, id, now);
    }
    std::optional<Reply> control(const Request& request, Instant now) override;

private:
    void check_credentials(const Request& request, Instant now) const {
        const auto key = basic_credentials(request);
        // A key is the user name, and the password stays empty.
        if (key && key->first == options_.token && key->second.empty()) return;
        if (tokens_.is_valid(std::string(bearer_token(request)), now)) return;
        throw failure(401,
                      "The server could not verify that you are authorized to access the URL "
                      "requested. You either supplied the wrong credentials (e.g. a bad password), "
                      "or your browser doesn't understand how to supply the credentials required.");
    }
    Reply grant(const Request& request, Instant now);
    Reply answer_path(std::string_view path, const Request& request, Instant now);
    bool merge(std::int64_t loser, std::int64_t winner, Instant now);

    const SimulatorOptions& options_;
    Organization organization_;
    Lists lists_;
    EventLog events_;
    Limits limits_;
    GrantedTokens tokens_;
};

Reply Close::grant(const Request& request, Instant now) {
    auto form = parse_form(request.body);
    if (request.method != "POST" || form["client_id"].empty() || form["client_secret"].empty())
        throw failure(401, "invalid_client");
    if (form["grant_type"] != "refresh_token") throw failure(400, "unsupported_grant_type");
    if (!tokens_.takes_refresh_token(form["refresh_token"])) throw failure(400, "invalid_grant");
    const auto& users = organization_.dataset.owners;
    JsonWriter json;
    json.StartObject();
    json.member("access_token", tokens_.issue(now));
    json.member("refresh_token", tokens_.use_refresh_token());
    json.member("expires_in", std::int64_t{tokens_.life().count()});
    json.member("token_type", "Bearer");
    json.member("scope", "all.full_access offline_access");
    json.member("organization_id", organization_id);
    json.member("user_id", user_id_text(users.empty() ? 0 : users.front().id));
    json.EndObject();
    return ok(json);
}

Reply Close::answer_path(std::string_view path, const Request& request, Instant now) {
    if (path == "event") return events_.list(request, now);
    if (path == "user") return users(organization_, request);
    if (path == "me") return single_user(organization_, "me");
    if (path == "pipeline") return pipelines(request);
    if (path == "outcome") return outcomes(request);
    if (path == "activity/status_change/opportunity") return lists_.status_changes(request);
    if (const ListKind* kind = find_list(path)) return lists_.list(*kind, request, now);
    const std::size_t slash = path.rfind('/');
    if (slash == path.npos) throw failure(404, "Not found.");
    const std::string_view parent = path.substr(0, slash);
    const std::string_view id = path.substr(slash + 1);
    if (parent == "event") return events_.single(id, now);
    if (parent == "user") return single_user(organization_, id);
    if (parent == "organization") {
        if (id != organization_id) throw missing(id);
        return organization_answer(organization_);
    }
    const ListKind* kind = find_list(parent);
    if (kind == nullptr) throw failure(404, "Not found.");
    return lists_.single(*kind, id, request, now);
}

/// Children move without an event of their own; the loser is gone without one, too.
bool Close::merge(std::int64_t loser, std::int64_t winner, Instant now) {
    Dataset& data = organization_.dataset;
    if (data.find(ObjectType::companies, loser) == nullptr ||
        data.find(ObjectType::companies, winner) == nullptr)
        return false;
    for (const ObjectType type : all_types)
        for (const std::int64_t child : data.linked(ObjectType::companies, loser, type)) {
            data.unlink(ObjectType::companies, loser, type, child);
            data.link(ObjectType::companies, winner, type, child);
        }
    data.forget(ObjectType::companies, loser);
    data.set(ObjectType::companies, winner, {}, now);
    events_.merged(loser, winner, now);
    return true;
}

std::optional<Reply> Close::control(const Request& request, Instant now) {
    rapidjson::Document order;
    order.Parse(request.body.c_str());
    const auto max_skip = order.IsObject() ? order.FindMember("max_skip") : order.MemberEnd();
    if (request.path == "/_sim/dialect/end_tokens") {
        tokens_.expire_all();
    } else if (request.path == "/_sim/dialect/max_skip" && order.IsObject() &&
               max_skip != order.MemberEnd() && max_skip->value.IsUint()) {
        lists_.max_skip = max_skip->value.GetUint();
    } else if (request.path != "/_sim/dialect/merge_leads" ||
               !merge(id_member(order, "from"), id_member(order, "into"), now)) {
        return std::nullopt;
    }
    return Reply{.body = "{}"};
}

}  // namespace

std::unique_ptr<Dialect> make_close(const DialectContext& context) {
    return std::make_unique<Close>(context);
}

}  // namespace nudged::crmsim
