// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "connectors/net/url.hpp"
#include "connectors/sources/http/manifest_compiler.hpp"

#include <fmt/format.h>

#include <algorithm>

/// The requests by which a session begins.
namespace nudged::sources {
namespace {

/// Made by ourselves for each round of token requests.
const std::set<std::string> made_values{"refresh_token", "assertion", "nonce", "now"};

}  // namespace

std::string ManifestCompiler::read_token_url(TomlTable& table, std::string_view key) {
    table.required_text(key);
    const auto url = plain(table, key);
    const bool is_below = url.starts_with('/');
    const auto place = net::parse_place(url);
    if (table.has(key) && !is_below && (!place || place->has_credentials))
        table.error(key, fmt::format("\"{}\" is no address", key),
                    "write https://HOST/PATH, or /PATH for one below the base_url");
    return url;
}

void ManifestCompiler::read_token_step(TomlTable& table, bool is_last, AuthPlan& plan) {
    TokenStep step;
    const bool post = !table.has("get");
    step.method = post ? "POST" : "GET";
    step.url = read_token_url(table, post ? "post" : "get");
    auto known = made_values;
    known.insert(plan.values.begin(), plan.values.end());
    if (!plan.assertion) known.erase("assertion");
    read_derived(table, plan, step, known);
    step.query = read_auth_templates(table, "query", plan, known);
    step.headers = read_auth_templates(table, "headers", plan, known);
    step.form = read_auth_form(table, plan, known);
    if (auto basic = table.table("basic")) {
        step.basic = read_basic(*basic, plan, known);
        basic->finish();
    }
    if (const auto* body = table.node("body")) {
        step.body = read_body(*body, table.file());
        note_names(table, "body", *step.body, plan, known);
    }
    if (!post && (step.body || !step.form.empty()))
        table.problems().error(table.place(), "a GET request has no body", "use post");
    read_token_answer(table, is_last, plan, step);
    table.finish();
    plan.steps.push_back(std::move(step));
}

void ManifestCompiler::read_derived(TomlTable& table, AuthPlan& plan, TokenStep& step,
                                    std::set<std::string>& known) {
    auto all = table.table("derived");
    if (!all) return;
    all->each([&](const std::string& name, const toml::node&) {
        auto one = all->table(name);
        if (!one) return;
        DerivedPlan derived{.name = name};
        derived.of = read_template(one->required_text("of"), one->place("of"));
        note_names(*one, "of", derived.of, plan, known);
        const auto form = one->required_text("as");
        const std::vector<std::string> forms{"md5", "sha1", "sha256"};
        const auto found = std::ranges::find(forms, form);
        if (found == forms.end())
            one->error("as", fmt::format("unknown digest \"{}\"", form),
                       hint(form, forms, "digests"));
        else
            derived.digest = static_cast<crypto::Digest>(found - forms.begin());
        if (one->has("key")) {
            derived.key = read_template(one->text("key"), one->place("key"));
            note_names(*one, "key", *derived.key, plan, known);
        }
        one->finish();
        step.derived.push_back(std::move(derived));
    });
    for (const auto& derived : step.derived) known.insert(derived.name);
}

/// Where in the answer things are. Without a word about it, it is that of RFC 6749 §5.1.
void ManifestCompiler::read_token_answer(TomlTable& table, bool is_last, AuthPlan& plan,
                                         TokenStep& step) {
    const bool is_usual = is_last && !table.has("values");
    if (auto values = table.table("values")) read_taken(*values, step);
    if (is_usual || table.has("access_token"))
        step.values.push_back(
            {.name = "access_token", .at = read_path(table, "access_token", "/access_token")});
    for (const auto& value : step.values) plan.values.insert(value.name);
    step.refresh_token = read_optional_path(table, "refresh_token");
    step.expires_in = read_optional_path(table, "expires_in");
    step.scope = read_optional_path(table, "scope");
    if (is_usual && !step.scope) step.scope = json::Path::parse("/scope");
    if (is_usual && !step.refresh_token) step.refresh_token = json::Path::parse("/refresh_token");
    if (is_usual && !step.expires_in) step.expires_in = json::Path::parse("/expires_in");
    if (table.has("lifetime")) step.lifetime = duration(table, "lifetime", {});
    read_base_url(table, step);
}

void ManifestCompiler::read_base_url(TomlTable& table, TokenStep& step) {
    step.base_url = read_optional_path(table, "base_url");
    for (const auto& host : table.texts("allowed_hosts")) {
        step.allowed_hosts.push_back(
            read_template(host, table.place("allowed_hosts")).text({}).value_or(""));
        if (step.allowed_hosts.back().find('.', 1) == std::string::npos)
            table.error("allowed_hosts", fmt::format("\"{}\" allows too many hosts", host),
                        "write \".example.com\" for all hosts below, or \"api.example.com\"");
    }
    if (step.base_url && step.allowed_hosts.empty())
        table.error("base_url", "nothing says to which hosts the answer may lead",
                    "add allowed_hosts = [\".example.com\"]");
}

void ManifestCompiler::read_taken(TomlTable& values, TokenStep& step) {
    values.each([&](const std::string& name, const toml::node& node) {
        TakenPlan taken{.name = name};
        if (made_values.contains(name))
            values.error(name, fmt::format("{{auth.{}}} is something else", name),
                         "give the value another name");
        if (!node.is_table()) {
            taken.at = read_path(values, name);
        } else if (auto table = values.table(name)) {
            taken.from = table->has("cookie") ? TakenPlan::From::cookie : TakenPlan::From::header;
            const bool is_cookie = taken.from == TakenPlan::From::cookie;
            taken.header = table->required_text(is_cookie ? "cookie" : "header");
            if (!is_cookie) taken.header = to_lower_ascii(taken.header);
            table->finish();
        }
        step.values.push_back(std::move(taken));
    });
}

}  // namespace nudged::sources
