// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/crypto.hpp"
#include "connectors/sources/http/errors.hpp"
#include "connectors/sources/mapping/json.hpp"
#include "connectors/sources/mapping/template.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace nudged::sources {

/// What stands for the placeholders of authentication: {credential.NAME} and {auth.NAME}.
inline constexpr std::string_view credential_prefix = "credential.";
inline constexpr std::string_view auth_prefix = "auth.";

constexpr bool is_of_session(std::string_view placeholder) {
    return placeholder.starts_with(credential_prefix) || placeholder.starts_with(auth_prefix);
}

/// RFC 7617: user and password, of which the latter may be blank.
struct BasicPlan {
    Template user;
    Template password;
};

using NamedTemplates = std::vector<std::pair<std::string, Template>>;
/// Fields of a form; one that is a table or a list is JSON.
using FormPlan = BodyTemplate::Members;

/// A text made of others: the digest that proves a password without telling it.
struct DerivedPlan {
    std::string name;
    Template of{};
    crypto::Digest digest = crypto::Digest::sha256;
    std::optional<Template> key{};  // makes it an HMAC
};

/// A JSON Web Token that is signed with a credential (RFC 7523).
struct AssertionPlan {
    std::string key;  // the credential that holds the private key, as PEM
    NamedTemplates header;
    NamedTemplates claims;  // beside iat and exp
    std::chrono::milliseconds lifetime{180'000};
};

/// Where in an answer a value is.
struct TakenPlan {
    enum class From : std::uint8_t { body, header, cookie };
    std::string name;  // {auth.NAME} from then on
    From from = From::body;
    json::Path at{};
    std::string header{};  // or the cookie's name
};

/// One request on the way to a session.
struct TokenStep {
    std::string method;
    std::string url;  // absolute, or beginning with / below the base URL
    NamedTemplates query;
    NamedTemplates headers;
    std::optional<BasicPlan> basic;
    FormPlan form;
    std::optional<BodyTemplate> body;
    std::vector<DerivedPlan> derived;
    // The answer.
    std::vector<TakenPlan> values;
    std::optional<json::Path> refresh_token;
    std::optional<json::Path> expires_in;  // seconds
    std::optional<json::Path> scope;       // what was granted, as RFC 6749 §3.3 lists it
    std::optional<json::Path> base_url;
    std::vector<std::string> allowed_hosts;
    std::optional<std::chrono::milliseconds> lifetime;  // where the answer says none
};

/// How a person lets us in, in a browser (RFC 6749 §4.1, RFC 7636).
struct LoginPlan {
    std::string authorize;
    NamedTemplates query;
    std::string redirect;
    bool pkce = true;
    FormPlan form;  // of the exchange; knows {login.code}, {login.redirect}, {login.verifier}
};

/// One way to authenticate.
struct AuthPlan {
    std::string name;
    NamedTemplates headers;
    std::optional<BasicPlan> basic;
    std::vector<TokenStep> steps;  // none: the credentials themselves are all that is needed
    std::optional<AssertionPlan> assertion;
    std::optional<LoginPlan> login;
    std::vector<ErrorRule> errors;               // of token answers
    std::set<std::string> credentials;           // that must be given
    std::set<std::string> optional_credentials;  // that may be
    std::set<std::string> values;                // {auth.NAME} of the session
    bool uses_refresh_token = false;
    Variables stand_ins;  // for {auth.NAME} and {credential.NAME} where nobody logs in: in a replay

    bool is_renewable() const { return !steps.empty(); }
};

}  // namespace nudged::sources
