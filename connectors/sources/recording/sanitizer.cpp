// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/recording/sanitizer.hpp"

#include "connectors/base/crypto.hpp"
#include "connectors/base/text.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/recording/named_cells.hpp"
#include "connectors/sources/recording/placeholder.hpp"

#include <algorithm>

namespace nudged::sources::recording {
namespace {

constexpr std::size_t shortest_secret = 4;
constexpr std::size_t longest_id = 80;

bool is_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_time(std::string_view text) {
    return parse_date(text) || parse_instant(text);
}

/// Digits and what stands between those of numbers, dates and times, or one short word.
bool has_shape_of_value(std::string_view text) {
    constexpr std::size_t longest = 35;
    constexpr std::size_t longest_word = 5;
    if (text.size() > longest) return false;
    if (text.find_first_not_of("0123456789+-:., TZ/") == std::string_view::npos) return true;
    return text.size() <= longest_word && std::ranges::all_of(text, [](char c) {
               return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z');
           });
}

/// A word without spaces; no address.
bool has_shape_of_id(std::string_view text, std::size_t longest) {
    return text.size() <= longest && std::ranges::all_of(text, [](char c) {
               return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') ||
                      c == '_' || c == '-' || c == '.' || c == ':' || c == '|';
           });
}

bool tells_of_limits(std::string_view header) {
    return header.find("limit") != std::string_view::npos ||
           header.find("quota") != std::string_view::npos ||
           header.find("remaining") != std::string_view::npos;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    if (from.empty()) return;
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

/// The ways in which a secret may stand in a text.
std::vector<std::string> forms_of(const std::string& secret) {
    auto in_json = to_json(text_tree(secret), Layout::dense);
    in_json = in_json.substr(1, in_json.size() - 2);  // without the quotes
    return {secret, net::url_encode(secret), crypto::base64(secret), in_json,
            net::url_encode(in_json)};
}

}  // namespace

Sanitizer::Sanitizer(const Manifest& manifest, std::vector<std::string> secrets, std::string salt)
    : header_names_{"content-type", "date", "retry-after", "link", "etag"},
      manifest_(manifest),
      salt_(std::move(salt)) {
    for (auto& word : words_of(manifest)) words_.insert(std::move(word));
    for (const auto& rule : manifest.errors)
        for (const auto& match : rule.matches)
            if (!match.header.empty()) header_names_.insert(match.header);
    for (const auto& request : manifest.requests) {
        header_names_.insert(request.pager.next_header);
        header_names_.insert(request.pager.total_header);
        header_names_.insert(request.pager.rows_header);
    }
    for (auto& secret : secrets)
        if (secret.size() >= shortest_secret) secrets_.insert(std::move(secret));
}

/// The far end's address in all its forms: answers leave out the usual port, and some name the host
/// alone.
void Sanitizer::hide_host(std::string& text, const std::string& url) {
    auto origin = net::origin_of(url);
    replace_all(text, origin, origin_stand_in);
    for (const std::string_view port : {":443", ":80"})
        if (origin.ends_with(port)) origin.resize(origin.size() - port.size());
    replace_all(text, origin, origin_stand_in);
    const auto host = origin.substr(origin.find("://") + 3);
    if (!net::is_loopback(url) && host.find('.') != std::string::npos)
        replace_all(text, host, "crm.example");
}

/// Whatever goes with a request and is not about its content may be a credential.
void Sanitizer::learn_secrets(const net::Exchanged& exchange) {
    for (const auto& secret : exchange.request.secrets)
        if (secret.size() >= shortest_secret) secrets_.insert(secret);
    for (const auto& [name, value] : exchange.request.headers) {
        const auto lower = to_lower_ascii(name);
        if (lower != "authorization" && lower != "cookie" && lower.find("key") == lower.npos &&
            lower.find("token") == lower.npos)
            continue;
        secrets_.insert(value);
        const auto space = value.rfind(' ');
        if (space != std::string::npos && value.size() - space > shortest_secret)
            secrets_.insert(value.substr(space + 1));
    }
}

std::string Sanitizer::without_secrets(std::string text) const {
    std::vector<std::string> forms;
    for (const auto& secret : secrets_)
        for (auto& form : forms_of(secret)) forms.push_back(std::move(form));
    // One may be part of another, of which nothing may be left.
    std::ranges::stable_sort(forms, std::ranges::greater{}, &std::string::size);
    for (const auto& form : forms) replace_all(text, form, redacted);
    return text;
}

net::Headers Sanitizer::shown_headers(const net::Headers& headers) const {
    net::Headers shown;
    for (const auto& [name, value] : headers)
        if (header_names_.contains(name) || tells_of_limits(name)) shown.emplace_back(name, value);
    return shown;
}

Recorded Sanitizer::outline(const net::Exchanged& exchange) const {
    Recorded recorded;
    recorded.method = exchange.request.method;
    for (const auto& [name, value] : exchange.request.headers) {
        const auto lower = to_lower_ascii(name);
        if (lower == "accept" || lower == "content-type")
            recorded.request_headers.emplace_back(lower, value);
    }
    recorded.status = exchange.response.status;
    recorded.headers = shown_headers(exchange.response.headers);
    for (auto& [name, value] : recorded.headers) {
        hide_host(value, exchange.request.url);
        value = without_secrets(value);
    }
    return recorded;
}

Recorded Sanitizer::sanitize(const net::Exchanged& exchange) {
    learn_secrets(exchange);
    auto recorded = outline(exchange);
    recorded.target = without_secrets(asked_target(target_of(exchange.request.url)));
    recorded.request_body = without_secrets(asked_body(exchange.request.body));
    auto body = exchange.response.body;
    hide_host(body, exchange.request.url);
    recorded.body = without_secrets(answer(body));
    return recorded;
}

Recorded Sanitizer::strip(const net::Exchanged& exchange) {
    learn_secrets(exchange);
    auto recorded = outline(exchange);
    recorded.target = without_secrets(target_of(exchange.request.url));
    recorded.request_body = without_secrets(exchange.request.body);
    recorded.body = exchange.response.body;
    hide_host(recorded.body, exchange.request.url);
    recorded.body = without_secrets(std::move(recorded.body));
    return recorded;
}

std::string Sanitizer::answer(const std::string& body) {
    auto tree = parse_tree(body);
    // A proxy's page, or nothing.
    if (!tree) return body.empty() ? body : stand_in(body);
    NamedCells named{manifest_, body, *tree};
    if (!named.document()) return stand_in(body);
    const auto roles = roles_in(manifest_, *named.document());
    for (const auto& [place, role] : roles)
        if (const auto text = json::scalar(place);
            role == Role::id && text && has_shape_of_id(*text, longest_id))
            ids_.emplace(*text);
    replace(*tree, *named.document(), roles, nullptr);
    named.restore();
    return to_json(*tree, Layout::dense);
}

/// The tree and the document have the same shape: one can be changed, the other has the places.
void Sanitizer::replace(Tree& tree, const json::Value& place, const Roles& roles,
                        const Role* from_above) {
    const auto found = roles.find(&place);
    const auto* role = found == roles.end() ? from_above : &found->second;
    if (tree.kind == Tree::Kind::text) return replace_text(tree.text, role);
    if (tree.kind == Tree::Kind::array) {
        auto element = place.Begin();
        for (auto& member : tree.members) replace(member.value, *element++, roles, role);
    } else if (tree.kind == Tree::Kind::object) {
        auto element = place.MemberBegin();
        for (auto& member : tree.members) {
            if (member.name.find('@') != std::string::npos) member.name = stand_in(member.name);
            replace(member.value, (element++)->value, roles, role);
        }
    }
}

void Sanitizer::replace_text(std::string& text, const Role* role) {
    if (keeps(text, role)) return;
    auto instead = stand_in(text);
    // Requests repeat ids that answers told, and nothing else that is replaced.
    if (role && *role == Role::id) repeated_[text] = instead;
    text = std::move(instead);
}

bool Sanitizer::keeps(const std::string& text, const Role* role) {
    constexpr std::size_t longest_choice = 40;
    constexpr std::size_t shortest_phone = 6;
    if (text.empty()) return true;
    if (words_.contains(text)) return ++kept_.words, true;
    if (!role) {
        if (is_time(text) || text == "true" || text == "false") return ++kept_.values, true;
        if (is_digits(text) && text.size() < shortest_phone) return ++kept_.values, true;
        return ids_.contains(text) && ++kept_.ids;
    }
    switch (*role) {
    case Role::personal: return false;
    case Role::page: return text.find('@') == text.npos && ++kept_.pages;
    case Role::value: return has_shape_of_value(text) && ++kept_.values;
    case Role::choice: return has_shape_of_id(text, longest_choice) && ++kept_.choices;
    case Role::id: return has_shape_of_id(text, longest_id) && ++kept_.ids;
    }
    return false;
}

std::string Sanitizer::stand_in(const std::string& text) {
    ++kept_.replaced;
    auto& known = replaced_[text];
    if (known.empty()) known = placeholder_for(text, salt_);
    return known;
}

std::string Sanitizer::repeated(const std::string& text) const {
    const auto known = repeated_.find(text);
    return known == repeated_.end() ? text : known->second;
}

/// Values of a query that an answer told before.
std::string Sanitizer::asked_target(const std::string& target) const {
    auto out = target;
    for (const auto& [text, instead] : repeated_) {
        const auto encoded = "=" + net::url_encode(text);
        for (auto at = out.find(encoded); at != std::string::npos; at = out.find(encoded, at + 1)) {
            const auto end = at + encoded.size();
            if (end == out.size() || out[end] == '&')
                out.replace(at, encoded.size(), "=" + net::url_encode(instead));
        }
    }
    return out;
}

void Sanitizer::repeat(Tree& tree) const {
    if (tree.kind == Tree::Kind::text) tree.text = repeated(tree.text);
    for (auto& member : tree.members) repeat(member.value);
}

std::string Sanitizer::asked_body(const std::string& body) const {
    auto tree = parse_tree(body);
    if (!tree) return body;
    repeat(*tree);
    return to_json(*tree, Layout::dense);
}

}  // namespace nudged::sources::recording
