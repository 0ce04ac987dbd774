// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/styles/crm.hpp"

#include "connectors/base/text.hpp"

#include <stdexcept>

namespace nudged::tests {
namespace {

std::string decoded(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            result += static_cast<char>(std::stoi(std::string{text.substr(i + 1, 2)}, nullptr, 16));
            i += 2;
        } else {
            result += text[i];
        }
    }
    return result;
}

}  // namespace

StyleCrm::StyleCrm(const std::string& manifest, Answer answer, const Credentials& credentials)
    : server(std::move(answer)), options_(bench.options(style(manifest), server.url(""))) {
    auto& http = std::get<sources::HttpSourceOptions>(options_.connector_options);
    http.credentials.clear();
    for (const auto& [name, value] : credentials) http.credentials[name] = Secret{value};
    source = another_process();
}

std::unique_ptr<sources::Source> StyleCrm::another_process() {
    return bench.source(options_);
}

Store StyleCrm::pull(model::Stream stream) {
    Store store;
    const bool is_news = stream.lane == model::Lane::incremental;
    bench.pull(*source, stream, store, is_news ? since_1970 : model::Cursor{});
    return store;
}

model::Page StyleCrm::fetch(model::Entity entity, const model::Cursor& from) {
    return bench.fetch(*source, incremental(entity), from);
}

Failure StyleCrm::failure(model::Stream stream) {
    try {
        pull(stream);
    } catch (const Failure& failure) {
        return failure;
    }
    throw std::runtime_error("nothing failed");
}

std::vector<Request> StyleCrm::requests(const std::string& path) const {
    std::vector<Request> found;
    for (const auto& request : server.requests())
        if (request.path == path) found.push_back(request);
    return found;
}

std::string style(const std::string& rest) {
    return R"([connector]
name = "style"
base_url = "{settings.base_url}"
nulls = ["false", "[]", "{}"]
[settings]
base_url = ""
[retry]
tries = 2
base = "1ms"
[window]
lag = "0s"
lookback = "0s"
)" + rest;
}

Fields fields(const Store& store, model::Entity entity, const std::string& id) {
    const auto found = store.find({entity, id});
    if (found == store.end()) return {{"(absent)", ""}};
    if (found->second.deleted) return {{"(deleted)", ""}};
    return found->second.fields;
}

std::string at(const char* iso) {
    return std::to_string(to_millis(*parse_instant(iso)));
}

std::string parameter(const Request& request, const std::string& name) {
    const auto found = request.query.find(name);
    return found == request.query.end() ? "" : found->second;
}

Fields form_fields(const std::string& body) {
    Fields form;
    for (const auto pair : split(body, '&')) {
        const auto equals = pair.find('=');
        form[decoded(pair.substr(0, equals))] = decoded(pair.substr(equals + 1));
    }
    return form;
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

Reply with_header(Reply reply, const std::string& name, const std::string& value) {
    reply.headers.emplace_back(name, value);
    return reply;
}

}  // namespace nudged::tests
