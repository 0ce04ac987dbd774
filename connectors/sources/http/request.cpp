// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/request.hpp"

#include "connectors/base/on.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

using std::chrono::milliseconds;

FailureKind failure_kind(ErrorClass kind) {
    switch (kind) {
    case ErrorClass::refresh_auth:
    case ErrorClass::auth_dead:
    case ErrorClass::forbidden_stream: return FailureKind::needs_person;
    case ErrorClass::throttle_short:
    case ErrorClass::throttle_quota: return FailureKind::throttled;
    case ErrorClass::transient: return FailureKind::transient;
    default: return FailureKind::refused;
    }
}

std::string_view remedy(ErrorClass kind) {
    switch (kind) {
    case ErrorClass::refresh_auth:
    case ErrorClass::auth_dead: return "; give the source a new credential";
    case ErrorClass::forbidden_stream:
        return "; give the credential the right to read this, or leave the stream out";
    default: return "";
    }
}

}  // namespace

Requester::Requester(std::shared_ptr<const Manifest> manifest,
                     std::map<std::string, Secret> credentials, const SourceContext& context)
    : manifest_(std::move(manifest)),
      credentials_(std::move(credentials)),
      context_(context),
      origin_(net::origin_of(manifest_->base_url)),
      backoff_(manifest_->retry.base, manifest_->retry.cap) {}

asio::awaitable<void> Requester::make_limiters() {
    if (!limiters_.empty() || manifest_->limiters.empty()) co_return;
    const auto loop = co_await asio::this_coro::executor;
    for (const auto& plan : manifest_->limiters)
        limiters_.push_back(std::make_unique<net::Limiter>(loop, plan.capacity, plan.per));
}

/// The address of a page that an answer named, or else the request's own.
std::string Requester::address_of(const Asking& asking, const Variables& variables) const {
    if (asking.address.starts_with('/')) return origin_ + asking.address;
    if (!asking.address.empty()) return asking.address;
    const auto& request = asking.request;
    const auto path = request.path.path(variables);
    if (!path)
        throw Failure(FailureKind::refused,
                      fmt::format("request \"{}\": its path names something that is not there",
                                  request.name));
    std::string url = manifest_->base_url + *path;
    char separator = url.find('?') == std::string::npos ? '?' : '&';
    for (const auto& [name, value] : request.query) {
        const auto text = value.text(variables);
        if (!text) continue;
        url += fmt::format("{}{}={}", separator, net::url_encode(name), net::url_encode(*text));
        separator = '&';
    }
    return url;
}

net::HttpRequest Requester::render(const Asking& asking) const {
    const auto& request = asking.request;
    net::HttpRequest rendered;
    rendered.method = request.method;
    rendered.timeout = manifest_->retry.timeout;
    Variables all = asking.variables;
    if (!asking.ids.empty()) {
        all["ids"] = asking.ids;
        all["each.id"] = asking.ids.front();
    }
    rendered.url = address_of(asking, all);
    if (net::origin_of(rendered.url) != origin_)
        throw Failure(
            FailureKind::needs_person,
            fmt::format("request \"{}\" leads to another host than the base URL, where no "
                        "credential may go",
                        request.name));
    rendered.headers.emplace_back("Accept", "application/json");
    for (const auto& [name, value] : request.headers)
        if (const auto text = value.text(all)) rendered.headers.emplace_back(name, *text);
    for (const auto& header : manifest_->auth)
        rendered.headers.emplace_back(
            header.name, fmt::format("{}{}{}", header.before,
                                     credentials_.at(header.credential).reveal(), header.after));
    if (request.body) {
        rendered.headers.emplace_back("Content-Type", "application/json");
        rendered.body = request.body->json(all, asking.ids);
    }
    return rendered;
}

void Requester::note_clock(const net::HttpResponse& response) {
    const auto date = response.date();
    if (date) server_ahead_ = *date - context_.clock();
}

Requester::Try Requester::give_up(const RequestPlan& request, int status,
                                  const Verdict& verdict) const {
    const auto what = fmt::format("request \"{}\" was answered with {}: {}{}", request.name, status,
                                  to_string(verdict.kind), remedy(verdict.kind));
    const auto kind = failure_kind(verdict.kind);
    Try result;
    result.failure = verdict.wait ? Failure(kind, what, *verdict.wait) : Failure(kind, what);
    // A quota comes back on another day: neither a connection nor a turn is held until then.
    result.may_pass =
        verdict.kind == ErrorClass::transient || verdict.kind == ErrorClass::throttle_short;
    result.wait = verdict.wait.value_or(milliseconds{0});
    if (verdict.kind == ErrorClass::throttle_short)
        for (const auto& use : request.limiters) limiters_[use.limiter]->pause(result.wait);
    return result;
}

asio::awaitable<Requester::Try> Requester::read(const RequestPlan& request,
                                                net::HttpResponse response, model::Page& page) {
    Try result;
    Answer answer;
    answer.status = response.status;
    answer.headers = std::move(response.headers);
    std::string& body = page.adopt(std::move(response.body));
    auto parse = [&] { return json::parse(body); };
    constexpr int no_content = 204;
    if (answer.status == no_content)
        answer.document = std::make_unique<json::Document>();
    else
        answer.document = co_await on(context_.workers, parse);
    const bool is_empty = answer.status == no_content;
    if (answer.document && (is_empty || request.records.holds_list(*answer.document))) {
        result.answer = std::move(answer);
        co_return result;
    }
    // Taken for "nothing there", such an answer would end a walk in its middle. A proxy's page or a
    // body cut short may pass; what stays will never be read.
    result.may_pass = true;
    result.failure = Failure(
        FailureKind::refused,
        fmt::format(
            "request \"{}\" was answered with {} and a body that is no JSON, is nested more "
            "than {} deep, or has no records where the manifest says",
            request.name, response.status, json::max_depth));
    co_return result;
}

asio::awaitable<Requester::Try> Requester::try_once(const Asking& asking,
                                                    const net::HttpRequest& rendered,
                                                    model::Page& page) {
    const auto& request = asking.request;
    for (const auto& use : request.limiters) {
        auto& limiter = *limiters_[use.limiter];
        co_await limiter.take(use.cost);
    }
    Try result;
    net::HttpResponse response;
    try {
        response = co_await context_.http.send(rendered);
    } catch (const net::TransferFailure& failure) {
        result.failure = Failure(failure.kind(),
                                 fmt::format("request \"{}\": {}", request.name, failure.what()));
        result.may_pass = failure.kind() == FailureKind::transient;
    }
    if (result.failure) co_return result;
    note_clock(response);
    const auto verdict =
        classify(manifest_->errors, response, context_.clock(), manifest_->account_zone);
    if (verdict.kind == ErrorClass::none)
        co_return co_await read(request, std::move(response), page);
    if (std::ranges::count(asking.told, verdict.kind) == 0)
        co_return give_up(request, response.status, verdict);
    result.answer.emplace();
    result.answer->kind = verdict.kind;
    result.answer->status = response.status;
    co_return result;
}

asio::awaitable<Answer> Requester::ask(const Asking& asking, model::Page& page) {
    co_await make_limiters();
    const auto rendered = render(asking);
    const auto& retry = manifest_->retry;
    asio::steady_timer timer{co_await asio::this_coro::executor};
    for (int attempt = 0;; ++attempt) {
        auto result = co_await try_once(asking, rendered, page);
        if (result.answer) co_return std::move(*result.answer);
        // Never sooner than we were told, and spread out beyond that: others were told the same.
        const auto wait = result.wait + backoff_.wait(attempt);
        if (!result.may_pass || attempt + 1 >= retry.tries || wait > retry.patience)
            throw Failure{*result.failure};
        timer.expires_after(wait);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

}  // namespace nudged::sources
