// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/http/auth_bench.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <memory>
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

std::map<std::string, std::string> form_of(const std::string& body) {
    std::map<std::string, std::string> form;
    for (const auto pair : split(body, '&')) {
        const auto equals = pair.find('=');
        form[decoded(pair.substr(0, equals))] = decoded(pair.substr(equals + 1));
    }
    return form;
}

TokenCrm::TokenCrm(TokenHandler token)
    : token_(std::move(token)),
      server_([this](const Request& request) { return answer(request); }) {}

void TokenCrm::accept(const std::string& authorization) {
    const std::lock_guard lock(mutex_);
    accepted_ = authorization;
}

std::vector<Request> TokenCrm::requests(const std::string& path) const {
    std::vector<Request> found;
    for (const auto& request : server_.requests())
        if (request.path == path) found.push_back(request);
    return found;
}

Reply TokenCrm::answer(const Request& request) {
    if (request.path != "/tasks") return token_(request);
    const std::lock_guard lock(mutex_);
    if (!accepted_.empty() && request.header("authorization") != accepted_)
        return Reply::json(R"({"error":"session expired"})", 401);
    return Reply::json(R"({"data":[{"id":7,"title":"Call back"}]})");
}

RotatingCrm::RotatingCrm() : crm([this](const Request& request) { return grant(request); }) {
    crm.accept("Bearer none yet");
}

Reply RotatingCrm::grant(const Request& request) {
    if (form_of(request.body)["refresh_token"] != fmt::format("r{}", granted_))
        return Reply::json(R"({"error":"invalid_grant","error_description":"r0 is s3cret"})", 400);
    ++granted_;
    crm.accept(fmt::format("Bearer a{}", granted_));
    return Reply::json(fmt::format(
        R"({{"access_token":"a{}","refresh_token":"r{}","expires_in":3600}})", granted_, granted_));
}

std::string manifest_with(const std::string& auth) {
    return R"([connector]
name = "small"
base_url = "{settings.base_url}"
[settings]
base_url = ""
[retry]
tries = 2
base = "1ms"
[request.list]
get = "/tasks"
records = "/data"
[stream.task]
request = "list"
[stream.task.map]
subject = "/title"
)" + auth;
}

AuthBench::AuthBench(std::string token_folder)
    : now(*parse_instant("2026-11-20T12:00:00Z")), token_folder_(std::move(token_folder)) {}

sources::SourceOptions AuthBench::options(
    const std::string& auth, const std::string& base_url,
    const std::map<std::string, std::string>& credentials) const {
    sources::HttpSourceOptions http;
    http.manifest = folder_.write("manifest.toml", manifest_with(auth));
    http.settings["base_url"] = base_url;
    for (const auto& [name, value] : credentials) http.credentials[name] = Secret{value};
    sources::SourceOptions made;
    made.name = "crm";
    made.connector = "http";
    made.connector_options = std::move(http);
    made.place = {"sources.d/crm.toml", 1, 1};
    return made;
}

sources::SourceContext AuthBench::context() {
    return {http_,
            workers_,
            [this] { return now.load(); },
            "",
            {token_folder_, Secret{key}, before_step}};
}

std::unique_ptr<sources::Source> AuthBench::source(const sources::SourceOptions& options) {
    return sources::make_http(options, context());
}

std::size_t AuthBench::pull(sources::Source& source) {
    const model::Stream tasks{model::Entity::task, model::Lane::incremental};
    model::Cursor beginning;
    return run(source.fetch_page(tasks, beginning)).records.size();
}

Failure AuthBench::failure_of(sources::Source& source) {
    try {
        pull(source);
    } catch (const Failure& failure) {
        return failure;
    }
    throw std::runtime_error("nothing failed");
}

}  // namespace nudged::tests
