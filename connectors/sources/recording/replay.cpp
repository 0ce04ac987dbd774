// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/recording/replay.hpp"

#include "connectors/base/text.hpp"
#include "connectors/sources/recording/tree.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources::recording {
namespace {

/// The query's parameters in one order, whatever order they were asked in.
std::string canonical_target(const std::string& target) {
    const auto question = target.find('?');
    if (question == std::string::npos) return target;
    auto parameters = split(std::string_view{target}.substr(question + 1), '&');
    std::ranges::sort(parameters);
    return fmt::format("{}?{}", target.substr(0, question), fmt::join(parameters, "&"));
}

std::string canonical_body(const std::string& body) {
    auto tree = parse_tree(body);
    return tree ? canonical_json(std::move(*tree)) : body;
}

std::string key_of(const std::string& method, const std::string& target, const std::string& body) {
    return fmt::format("{} {}\n{}", method, canonical_target(target), canonical_body(body));
}

std::string path_line(const std::string& method, const std::string& target) {
    return fmt::format("{} {}", method, target.substr(0, target.find('?')));
}

/// What would pass if it was tried again: it is not worth being told twice.
bool may_pass(int status) {
    return status == 429 || status >= 500;
}

void replace_origin(std::string& text, const std::string& origin) {
    for (auto at = text.find(origin_stand_in); at != std::string::npos;
         at = text.find(origin_stand_in, at + origin.size()))
        text.replace(at, origin_stand_in.size(), origin);
}

}  // namespace

Replay::Replay(std::vector<Recorded> exchanges, std::string origin) {
    for (auto& one : exchanges) {
        const auto line = fmt::format("{} {}", one.method, one.target);
        auto& answers = answers_[key_of(one.method, one.target, one.request_body)];
        answers.line = line;
        ++recorded_[path_line(one.method, one.target)];
        if (!answers.all.empty() && may_pass(answers.all.back().status)) answers.all.pop_back();
        net::HttpResponse response{one.status, std::move(one.headers), std::move(one.body)};
        replace_origin(response.body, origin);
        for (auto& [name, value] : response.headers) replace_origin(value, origin);
        answers.all.push_back(std::move(response));
    }
}

void Replay::refuse(const net::HttpRequest& request) {
    constexpr std::size_t most = 160;
    const auto target = target_of(request.url);
    const auto line = fmt::format("{} {}", request.method, target);
    missing_.push_back(line);
    const auto others = recorded_.find(path_line(request.method, target));
    auto what = fmt::format("{} is not in the recording", line);
    if (!request.body.empty()) what += fmt::format(", asked with {}", shorten(request.body, most));
    if (others != recorded_.end())
        what += fmt::format("; the same path is there {} with other arguments: the manifest or the "
                            "settings have changed since",
                            others->second == 1 ? "once" : fmt::format("{} times", others->second));
    else
        what += "; record the stream again, with more --pages perhaps";
    throw net::TransferFailure(FailureKind::refused, what, 0, false);
}

net::asio::awaitable<net::HttpResponse> Replay::send(net::HttpRequest request) {
    const auto found = answers_.find(key_of(request.method, target_of(request.url), request.body));
    if (found == answers_.end()) refuse(request);
    auto& answers = found->second;
    const auto index = std::min(answers.told, answers.all.size() - 1);
    ++answers.told;
    co_return answers.all[index];
}

std::vector<std::string> Replay::unasked() const {
    std::vector<std::string> lines;
    for (const auto& [key, answers] : answers_)
        if (answers.told == 0) lines.push_back(answers.line);
    return lines;
}

}  // namespace nudged::sources::recording
