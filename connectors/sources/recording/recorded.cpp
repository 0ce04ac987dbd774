// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/recording/recorded.hpp"

#include "connectors/net/http.hpp"
#include "connectors/sources/recording/tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <set>

namespace nudged::sources::recording {
namespace {

namespace fs = std::filesystem;

Tree headers_tree(const net::Headers& headers) {
    Tree tree{Tree::Kind::object};
    for (const auto& [name, value] : headers) tree.members.push_back({name, text_tree(value)});
    return tree;
}

/// JSON stands there as JSON, and all else as a text.
Tree body_tree(const std::string& body) {
    if (auto tree = parse_tree(body); tree && tree->kind != Tree::Kind::text) return *tree;
    return text_tree(body);
}

std::string body_text(const Tree* tree) {
    if (!tree) return {};
    return tree->kind == Tree::Kind::text ? tree->text : to_json(*tree, Layout::dense);
}

std::string text_at(const Tree& tree, std::string_view name) {
    const auto* value = find(tree, name);
    return value ? value->text : std::string{};
}

int number_at(const Tree& tree, std::string_view name, int otherwise) {
    const auto text = text_at(tree, name);
    int number = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

net::Headers headers_at(const Tree& tree) {
    net::Headers headers;
    if (const auto* all = find(tree, "headers"))
        for (const auto& one : all->members) headers.emplace_back(one.name, one.value.text);
    return headers;
}

[[noreturn]] void refuse(const fs::path& file, std::string_view why) {
    throw Failure(
        FailureKind::needs_person,
        fmt::format("{}: {}; `nudged source record` makes recordings", file.string(), why));
}

Tree read_tree(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) refuse(file, "there is no such file, or it cannot be read");
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    auto tree = parse_tree(text);
    if (!tree || tree->kind != Tree::Kind::object) refuse(file, "it is no JSON object");
    return std::move(*tree);
}

Terms read_terms(const fs::path& file) {
    const auto tree = read_tree(file);
    const auto at = parse_instant(text_at(tree, "recorded_at"));
    if (!at) refuse(file, "\"recorded_at\" is no time");
    Terms terms{.source = text_at(tree, "source"),
                .manifest = text_at(tree, "manifest"),
                .at = *at,
                .pages = number_at(tree, "pages", 1)};
    terms.raw = text_at(tree, "raw") == "true";
    if (const auto* streams = find(tree, "streams"))
        for (const auto& stream : streams->members) terms.streams.push_back(stream.value.text);
    return terms;
}

Recorded read_exchange(const fs::path& file) {
    const auto tree = read_tree(file);
    const auto* request = find(tree, "request");
    const auto* response = find(tree, "response");
    if (!request || !response) refuse(file, "\"request\" or \"response\" is missing");
    return {.method = text_at(*request, "method"),
            .target = text_at(*request, "target"),
            .request_headers = headers_at(*request),
            .request_body = body_text(find(*request, "body")),
            .status = number_at(*response, "status", 0),
            .headers = headers_at(*response),
            .body = body_text(find(*response, "body"))};
}

}  // namespace

std::string to_text(const Recorded& exchange) {
    Tree request{Tree::Kind::object};
    request.members.push_back({"method", text_tree(exchange.method)});
    request.members.push_back({"target", text_tree(exchange.target)});
    request.members.push_back({"headers", headers_tree(exchange.request_headers)});
    if (!exchange.request_body.empty())
        request.members.push_back({"body", body_tree(exchange.request_body)});
    Tree response{Tree::Kind::object};
    response.members.push_back({"status", number_tree(exchange.status)});
    response.members.push_back({"headers", headers_tree(exchange.headers)});
    if (!exchange.body.empty()) response.members.push_back({"body", body_tree(exchange.body)});
    Tree both{Tree::Kind::object};
    both.members.push_back({"request", std::move(request)});
    both.members.push_back({"response", std::move(response)});
    return to_json(both, Layout::lines) + "\n";
}

std::string to_text(const Terms& terms) {
    Tree tree{Tree::Kind::object};
    tree.members.push_back({"source", text_tree(terms.source)});
    tree.members.push_back({"manifest", text_tree(terms.manifest)});
    tree.members.push_back({"recorded_at", text_tree(format_instant(terms.at))});
    tree.members.push_back({"pages", number_tree(terms.pages)});
    Tree streams{Tree::Kind::array};
    for (const auto& name : terms.streams) streams.members.push_back({"", text_tree(name)});
    tree.members.push_back({"streams", std::move(streams)});
    tree.members.push_back({"raw", {Tree::Kind::boolean, terms.raw ? "true" : "false"}});
    tree.members.push_back({"recorded_by", text_tree("nudged " NUDGED_VERSION)});
    return to_json(tree, Layout::lines) + "\n";
}

std::string file_name(std::size_t number) {
    return fmt::format("{:04}.json", number);
}

Recording read_recording(const fs::path& folder) {
    Recording recording;
    recording.terms = read_terms(folder / terms_file);
    std::set<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".json" && entry.path().filename() != terms_file)
            files.insert(entry.path());
    for (const auto& file : files) recording.exchanges.push_back(read_exchange(file));
    return recording;
}

std::string target_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return std::string{url};
    const auto slash = url.find_first_of("/?", scheme + 3);
    return slash == std::string_view::npos ? "/" : std::string{url.substr(slash)};
}

}  // namespace nudged::sources::recording
