// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/auth_assertion.hpp"

#include "connectors/base/crypto.hpp"
#include "connectors/base/failure.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace nudged::sources {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void add(Writer& json, const std::string& name, const std::string& value) {
    json.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

void add(Writer& json, const NamedTemplates& templates, const Variables& variables) {
    for (const auto& [name, value] : templates)
        if (const auto text = value.text(variables)) add(json, name, *text);
}

std::int64_t seconds(Instant instant) {
    return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

}  // namespace

std::string make_assertion(const AssertionPlan& plan, const Credentials& credentials,
                           const Variables& variables, Instant now) {
    rapidjson::StringBuffer header;
    Writer first{header};
    first.StartObject();
    add(first, "alg", "RS256");
    add(first, "typ", "JWT");
    add(first, plan.header, variables);
    first.EndObject();
    rapidjson::StringBuffer claims;
    Writer second{claims};
    second.StartObject();
    add(second, plan.claims, variables);
    second.Key("iat");
    second.Int64(seconds(now));
    second.Key("exp");
    second.Int64(seconds(now + plan.lifetime));
    second.EndObject();
    const auto signed_part = fmt::format("{}.{}", crypto::base64url(header.GetString()),
                                         crypto::base64url(claims.GetString()));
    const auto key = credentials.find(plan.key);
    const auto signature = key == credentials.end()
                               ? std::nullopt
                               : crypto::sign_rs256(key->second.reveal(), signed_part);
    if (!signature)
        throw Failure(FailureKind::needs_person,
                      fmt::format("the credential \"{}\" is no RSA private key of at least 2048 "
                                  "bits in PEM, without a password",
                                  plan.key));
    return fmt::format("{}.{}", signed_part, crypto::base64url(*signature));
}

}  // namespace nudged::sources
