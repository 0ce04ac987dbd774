// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/manifest_compiler.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

std::string after(std::string_view prefix, const std::string& name) {
    return name.substr(prefix.size());
}

std::vector<std::string> listed(const std::set<std::string>& names) {
    return {names.begin(), names.end()};
}

}  // namespace

void ManifestCompiler::read_auth(TomlTable& top) {
    const auto* node = top.node("auth");
    if (!node) return;  // an open source needs none
    if (node->is_array())
        for (auto& table : top.tables("auth")) schemes_.push_back(read_scheme(table));
    else if (auto table = top.table("auth"))
        schemes_.push_back(read_scheme(*table));
}

AuthPlan ManifestCompiler::read_scheme(TomlTable& table) {
    AuthPlan plan;
    plan.name = table.text("name");
    if (auto assertion = table.table("assertion")) read_assertion(*assertion, plan);
    const auto* token = table.node("token");
    if (token && token->is_array()) {
        auto steps = table.tables("token");
        for (std::size_t i = 0; i < steps.size(); ++i)
            read_token_step(steps[i], i + 1 == steps.size(), plan);
    } else if (auto step = table.table("token")) {
        read_token_step(*step, true, plan);
    }
    plan.errors = read_error_rules(table, "error");
    read_auth_headers(table, plan);
    if (auto login = table.table("login")) read_login(*login, plan);
    if (plan.uses_refresh_token)
        (plan.login ? plan.optional_credentials : plan.credentials).insert("refresh_token");
    table.finish();
    return plan;
}

void ManifestCompiler::note_names(TomlTable& table, std::string_view key, const Template& text,
                                  AuthPlan& plan, const std::set<std::string>& known) {
    text.each_name([&](const std::string& name) {
        if (name.starts_with(credential_prefix)) {
            const auto credential = after(credential_prefix, name);
            if (credential == "refresh_token")
                table.error(key, "a configured refresh token may have been superseded by a newer",
                            "write {auth.refresh_token}, which is always the newest");
            else
                plan.credentials.insert(credential);
            return;
        }
        const bool is_session = name.starts_with(auth_prefix);
        if (is_session && known.contains(after(auth_prefix, name))) {
            plan.uses_refresh_token = plan.uses_refresh_token || name == "auth.refresh_token";
            return;
        }
        if (known.contains(name)) return;
        table.error(key, fmt::format("{{{}}} is not known here", name),
                    is_session ? hint(after(auth_prefix, name), listed(known), "values of {auth.…}")
                               : "write {credential.NAME}, {auth.NAME} or {settings.NAME}");
    });
}

NamedTemplates ManifestCompiler::read_auth_templates(TomlTable& table, std::string_view key,
                                                     AuthPlan& plan,
                                                     const std::set<std::string>& known) {
    auto templates = read_templates(table, key);
    for (const auto& [name, value] : templates) note_names(table, key, value, plan, known);
    return templates;
}

void ManifestCompiler::note_names(TomlTable& table, std::string_view key, const BodyTemplate& body,
                                  AuthPlan& plan, const std::set<std::string>& known) {
    body.each_name([&](const std::string& name) {
        const auto one = read_template(fmt::format("{{{}}}", name), table.place(key));
        note_names(table, key, one, plan, known);
    });
}

FormPlan ManifestCompiler::read_auth_form(TomlTable& table, AuthPlan& plan,
                                          const std::set<std::string>& known) {
    FormPlan form;
    auto fields = table.table("form");
    if (!fields) return form;
    fields->each([&](const std::string& name, const toml::node& value) {
        form.emplace_back(name, read_body(value, table.file()));
        note_names(*fields, name, form.back().second, plan, known);
    });
    return form;
}

std::optional<BasicPlan> ManifestCompiler::read_basic(TomlTable& table, AuthPlan& plan,
                                                      const std::set<std::string>& known) {
    BasicPlan basic;
    basic.user = read_template(table.required_text("user"), table.place("user"));
    basic.password = read_template(table.text("password"), table.place("password"));
    note_names(table, "user", basic.user, plan, known);
    note_names(table, "password", basic.password, plan, known);
    return basic;
}

/// What goes with every request.
void ManifestCompiler::read_auth_headers(TomlTable& table, AuthPlan& plan) {
    const auto& known = plan.values;
    const bool has_token = known.contains("access_token");
    const auto add = [&](const std::string& name, const std::string& value, const char* key) {
        plan.headers.emplace_back(name, read_template(value, table.place(key)));
        note_names(table, key, plan.headers.back().second, plan, known);
    };
    const bool says_nothing = !table.has("kind") && !table.has("headers");
    const auto kind = table.text("kind", says_nothing && has_token ? "bearer" : "");
    if (kind == "bearer" && has_token && !table.has("credential")) {
        add("Authorization", "Bearer {auth.access_token}", "kind");
    } else if (kind == "bearer") {
        const auto credential = table.text("credential", "token");
        add("Authorization", fmt::format("Bearer {{credential.{}}}", credential), "credential");
    } else if (kind == "basic") {
        plan.basic = read_basic(table, plan, known);
    } else if (kind == "header") {
        const auto value = table.required_text("value");
        if (value.find("{credential.") == std::string::npos)
            table.error("value", "the header's value names no credential",
                        "write it like \"Token {credential.token}\"");
        add(table.required_text("name"), value, "value");
        plan.name.clear();  // it was the header's
    } else if (!kind.empty()) {
        table.error("kind", fmt::format("unknown kind of authentication \"{}\"", kind),
                    hint(kind, {"basic", "bearer", "header"}, "kinds"));
    }
    for (auto& header : read_auth_templates(table, "headers", plan, known))
        plan.headers.push_back(std::move(header));
    if (says_nothing && plan.steps.empty())
        table.problems().error(table.place(), "[auth] says nothing of what to send",
                               "add kind = \"bearer\", or headers");
}

void ManifestCompiler::read_assertion(TomlTable& table, AuthPlan& plan) {
    AssertionPlan assertion;
    assertion.key = table.required_text("key");
    plan.credentials.insert(assertion.key);
    const std::set<std::string> known{"nonce"};
    assertion.header = read_auth_templates(table, "header", plan, known);
    assertion.claims = read_auth_templates(table, "claims", plan, known);
    assertion.lifetime = duration(table, "lifetime", assertion.lifetime);
    plan.assertion = std::move(assertion);
    table.finish();
}

void ManifestCompiler::read_login(TomlTable& table, AuthPlan& plan) {
    LoginPlan login;
    login.authorize = read_token_url(table, "authorize");
    login.redirect = plain(table, "redirect", "http://127.0.0.1/callback");
    login.pkce = table.flag("pkce", true);
    login.query = read_auth_templates(table, "query", plan, {});
    const auto scope = plain(table, "scope");
    const auto client = table.text("client_id", "{credential.client_id}");
    const auto add = [&](const char* name, const std::string& value) {
        login.query.emplace_back(name, read_template(value, table.place()));
        note_names(table, name, login.query.back().second, plan, {});
    };
    add("client_id", client);
    if (!scope.empty()) add("scope", scope);
    login.form = read_auth_form(table, plan, {"login.code", "login.redirect", "login.verifier"});
    if (plan.steps.size() != 1 || plan.steps.front().body)
        table.problems().error(table.place(), "the code of a log-in is exchanged by a form",
                               "give [auth.token] a form, and one request alone");
    plan.login = std::move(login);
    table.finish();
}

void ManifestCompiler::note_request_names(AuthPlan& plan) {
    for (const auto& request : manifest_.requests)
        each_name(request, [&](const std::string& name) {
            if (name.starts_with(credential_prefix))
                plan.credentials.insert(after(credential_prefix, name));
        });
}

std::vector<const AuthPlan*> ManifestCompiler::fitting_schemes() const {
    std::vector<const AuthPlan*> fitting;
    for (const auto& plan : schemes_) {
        const auto is_known = [&](const auto& given) {
            return plan.credentials.contains(given.first) ||
                   plan.optional_credentials.contains(given.first);
        };
        const bool fits = std::ranges::all_of(options_.credentials, is_known) &&
                          std::ranges::all_of(plan.credentials, [&](const auto& name) {
                              return options_.credentials.contains(name);
                          });
        if (fits && (options_.auth.empty() || options_.auth == plan.name)) fitting.push_back(&plan);
    }
    return fitting;
}

void ManifestCompiler::choose_scheme() {
    if (schemes_.empty()) schemes_.emplace_back();
    for (auto& plan : schemes_) note_request_names(plan);
    std::vector<std::string> names;
    for (const auto& plan : schemes_) names.push_back(plan.name);
    const bool is_named = !options_.auth.empty();
    if (is_named && std::ranges::count(names, options_.auth) == 0)
        problems_.error(source_.place,
                        fmt::format("the manifest has no [[auth]] named \"{}\"", options_.auth),
                        hint(options_.auth, names, "names"));
    const auto fitting = fitting_schemes();
    if (!fitting.empty()) {
        manifest_.auth = *fitting.front();
    } else if (schemes_.size() == 1) {
        check_credentials(schemes_.front());
    } else {
        std::vector<std::string> ways;
        for (const auto& plan : schemes_)
            ways.push_back(fmt::format("{}", fmt::join(plan.credentials, " and ")));
        problems_.error(source_.place,
                        "the credentials fit none of the manifest's ways to authenticate",
                        fmt::format("give {}", fmt::join(ways, ", or ")));
    }
    check_request_names();
    // Without a word about it, a refused session is one that has ended.
    constexpr int unauthorized = 401;
    ErrorRule expired;
    expired.statuses.push_back({unauthorized, unauthorized});
    expired.kind = ErrorClass::refresh_auth;
    if (manifest_.auth.is_renewable()) manifest_.errors.push_back(std::move(expired));
}

void ManifestCompiler::check_credentials(const AuthPlan& plan) {
    std::vector<std::string> known{plan.optional_credentials.begin(),
                                   plan.optional_credentials.end()};
    std::vector<std::string> unused;
    for (const auto& [name, secret] : options_.credentials)
        if (std::ranges::count(known, name) == 0 && !plan.credentials.contains(name))
            unused.push_back(name);
    for (const auto& name : plan.credentials) {
        known.push_back(name);
        // An empty one was named, and not looked at: who needs it has been told already.
        if (options_.credentials.contains(name)) continue;
        const auto near = nearest(name, unused);
        if (near.empty()) {
            problems_.error(
                source_.place, fmt::format("the credential \"{}\" is missing", name),
                fmt::format("give it under credentials, such as {} = {{ file = \"…\" }}", name));
            continue;
        }
        // Which of the two is the mistake, only the admin knows.
        problems_.error(
            source_.place,
            fmt::format("the manifest names the credential \"{}\", and here is \"{}\"", name, near),
            fmt::format("write {{credential.{}}} in {}, or {} here", near, options_.manifest,
                        name));
        known.push_back(near);
    }
    for (const auto& [name, secret] : options_.credentials)
        if (std::ranges::count(known, name) == 0)
            problems_.error(source_.place,
                            fmt::format("the manifest has no credential \"{}\"", name),
                            hint(name, known, "credentials"));
}

/// Requests may name the values of the session that was chosen, and no others.
void ManifestCompiler::check_request_names() {
    if (problems_.has_errors()) return;
    for (const auto& request : manifest_.requests)
        each_name(request, [&](const std::string& name) {
            if (!name.starts_with(auth_prefix)) return;
            const auto value = after(auth_prefix, name);
            if (!manifest_.auth.values.contains(value))
                problems_.error(request.place,
                                fmt::format("there is no session value {{{}}}", name),
                                hint(value, listed(manifest_.auth.values), "values"));
        });
}

}  // namespace nudged::sources
