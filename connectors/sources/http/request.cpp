// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/request.hpp"

#include "connectors/base/on.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace nudged::sources {
namespace {

/// What stands in a request of session and credentials, beside what headers carry: a recording must
/// not hold it.
std::vector<std::string> secrets_in(const RequestPlan& request, const Variables& variables) {
    std::vector<std::string> secrets;
    each_placeholder(request, [&](const Template::Placeholder& one) {
        if (!is_of_session(one.name)) return;
        const auto& value = variable_of(variables, one.name);
        if (auto text = text_of(value, {})) secrets.push_back(std::move(*text));
        auto written = one.form.is_of_text() ? text_of(value, one.form) : std::nullopt;
        if (!written) return;
        const bool is_quoted = !one.form.is_digest();
        secrets.push_back(is_quoted ? written->substr(1, written->size() - 2) : *written);
    });
    return secrets;
}

/// What the CRM says itself of that name stays.
void repeat_arguments(const Asking& asking, json::Document& document, model::Page& page) {
    if (!document.IsObject()) return;
    for (const auto& name : asking.request.echo) {
        const auto found = asking.variables.find(name);
        if (found == asking.variables.end() || document.HasMember(name.c_str())) continue;
        const auto* value = std::get_if<std::string>(&found->second);
        if (!value) continue;
        // Texts of an answer stand in its page.
        const auto text = page.keep(*value);
        auto& memory = document.GetAllocator();
        document.AddMember(json::Value{name.c_str(), memory},
                           json::Value{rapidjson::StringRef(
                               text.data(), static_cast<rapidjson::SizeType>(text.size()))},
                           memory);
    }
}

/// Those of the account, which another source of this name may have made: one manifest knows the
/// same limiters, whatever is read by it.
std::shared_ptr<Limits> limits_of(const std::shared_ptr<const Manifest>& manifest,
                                  const SourceContext& context, const std::string& source) {
    const auto make = [&] {
        return std::make_shared<Limits>(
            std::shared_ptr<const std::vector<LimiterPlan>>{manifest, &manifest->limiters},
            manifest->account_zone, context.clock, context.quotas, source);
    };
    if (!context.limits) return make();
    auto& shared = (*context.limits)[source];
    if (!shared) shared = make();
    return shared;
}

}  // namespace

Requester::Requester(std::shared_ptr<const Manifest> manifest, Credentials credentials,
                     const SourceContext& context, const std::string& source)
    : manifest_(std::move(manifest)),
      context_(context),
      auth_(manifest_, source, std::move(credentials), context_),
      backoff_(manifest_->retry.base, manifest_->retry.cap),
      limits_(limits_of(manifest_, context, source)) {}

/// The address of a page that an answer named, or else the request's own.
std::string Requester::address_of(const Asking& asking, const std::string& base_url,
                                  const Variables& variables) {
    if (asking.address.starts_with('/')) return net::origin_of(base_url) + asking.address;
    if (!asking.address.empty()) return asking.address;
    const auto& request = asking.request;
    const auto path = request.path.path(variables);
    if (!path)
        throw Failure(FailureKind::refused,
                      fmt::format("request \"{}\": its path names something that is not there",
                                  request.name));
    std::string url = base_url + *path;
    char separator = url.find('?') == std::string::npos ? '?' : '&';
    for (const auto& [name, value] : request.query) {
        const auto text = value.text(variables);
        if (!text) continue;
        url += fmt::format("{}{}={}", separator, net::url_encode(name), net::url_encode(*text));
        separator = '&';
    }
    return url;
}

net::HttpRequest Requester::render(const Asking& asking, const Session& session) const {
    const auto& request = asking.request;
    net::HttpRequest rendered;
    rendered.method = request.method;
    rendered.timeout = manifest_->retry.timeout;
    Variables all = asking.variables;
    all.insert(session.variables.begin(), session.variables.end());
    if (!asking.ids.empty()) {
        all["ids"] = asking.ids;
        all["each.id"] = asking.ids.front();
    }
    concede(request, all);
    rendered.url = address_of(asking, session.base_url, all);
    if (net::origin_of(rendered.url) != net::origin_of(session.base_url))
        throw Failure(
            FailureKind::needs_person,
            fmt::format("request \"{}\" leads to another host than the base URL, where no "
                        "credential may go",
                        request.name));
    rendered.headers.emplace_back("Accept", request.shape.csv ? "text/csv" : "application/json");
    for (const auto& [name, value] : request.headers)
        if (const auto text = value.text(all)) rendered.headers.emplace_back(name, *text);
    auth_.add_headers(session, rendered.headers);
    if (request.body) {
        rendered.headers.emplace_back("Content-Type", request.is_form
                                                          ? "application/x-www-form-urlencoded"
                                                          : "application/json");
        rendered.body = request.is_form ? request.body->form(all, asking.ids)
                                        : request.body->json(all, asking.ids);
    }
    rendered.secrets = secrets_in(request, all);
    return rendered;
}

void Requester::note_clock(const net::HttpResponse& response) {
    const auto date = response.date();
    if (date) server_ahead_ = *date - context_.clock();
}

asio::awaitable<Requester::Try> Requester::read(const Asking& asking, net::HttpResponse response,
                                                model::Page& page) {
    const auto& request = asking.request;
    const bool is_judged = names_status(manifest_->errors, response.status);
    auto body = std::make_unique<std::string>(std::move(response.body));
    // Parsing in place leaves no text behind.
    const std::string text{is_judged ? std::string_view{*body}.substr(0, max_error_body) : ""};
    auto parse = [&] { return parse_answer(*body, request.shape, request.records); };
    auto document = co_await on(context_.workers, parse);
    if (is_judged) {
        const Evidence evidence{
            .response = response, .body = document.get(), .text = text, .reset = {}};
        const auto verdict =
            classify(manifest_->errors, evidence, context_.clock(), manifest_->account_zone);
        if (verdict.kind != ErrorClass::none) co_return react(asking, response.status, verdict);
    }
    Try result;
    if (document && request.records.holds_list(*document)) {
        throttles_in_a_row_.clear();
        result.answer.emplace();
        result.answer->status = response.status;
        result.answer->headers = std::move(response.headers);
        result.answer->document = std::move(document);
        repeat_arguments(asking, *result.answer->document, page);
        page.adopt(std::move(body));  // of a try that fails nothing is kept
        co_return result;
    }
    // Taken for "nothing there", such an answer would end a walk in its middle. A proxy's page or a
    // body cut short may pass; what stays will never be read.
    result.may_pass = true;
    result.failure = Failure(
        FailureKind::refused,
        document
            ? fmt::format("request \"{}\" was answered with {} and JSON that has no list where "
                          "its `records` says",
                          request.name, response.status)
            : fmt::format("request \"{}\" was answered with {} and a body that is no JSON, is "
                          "nested more than {} deep, or has no such rows as its `rows` or "
                          "`columns` say",
                          request.name, response.status, json::max_depth));
    co_return result;
}

asio::awaitable<Requester::Try> Requester::try_once(const Asking& asking,
                                                    const net::HttpRequest& rendered,
                                                    model::Page& page) {
    const auto& request = asking.request;
    const auto hold = co_await limits_->take(request.limiters, manifest_->retry.patience);
    Try result;
    net::HttpResponse response;
    const auto sent = std::chrono::steady_clock::now();
    try {
        response = co_await context_.http.send(rendered);
    } catch (const net::TransferFailure& failure) {
        result.failure = Failure(failure.kind(),
                                 fmt::format("request \"{}\": {}", request.name, failure.what()));
        result.may_pass = failure.kind() == FailureKind::transient;
    }
    limits_->note_time(request.limiters, std::chrono::ceil<std::chrono::milliseconds>(
                                             std::chrono::steady_clock::now() - sent));
    if (result.failure) co_return result;
    note_clock(response);
    const auto now = server_now();
    limits_->note(request.limiters, response.headers, now);
    constexpr int no_content = 204;
    if (is_success(response.status) && response.status != no_content)
        co_return co_await read(asking, std::move(response), page);
    const auto reset = limits_->reset(request.limiters, response.headers, now);
    const auto verdict =
        classify(manifest_->errors, response, context_.clock(), manifest_->account_zone, reset);
    if (verdict.kind == ErrorClass::none)
        co_return co_await read(asking, std::move(response), page);
    co_return react(asking, response.status, verdict);
}

asio::awaitable<Requester::Try> Requester::authenticate(const SessionPtr& refused,
                                                        SessionPtr& session) {
    Try result;
    try {
        if (refused)
            session = co_await auth_.renew(refused);
        else
            session = co_await auth_.session();
    } catch (const Failure& failure) {
        result.failure = failure;
        result.is_dead_credential = failure.kind() == FailureKind::needs_person;
        result.may_pass =
            failure.kind() == FailureKind::transient || failure.kind() == FailureKind::throttled;
        result.wait = failure.retry_after().value_or(std::chrono::milliseconds{0});
    }
    co_return result;
}

asio::awaitable<Answer> Requester::ask(const Asking& asking, model::Page& page) {
    const auto& retry = manifest_->retry;
    asio::steady_timer timer{co_await asio::this_coro::executor};
    SessionPtr session;
    SessionPtr refused;
    for (int attempt = 0;; ++attempt) {
        auto result = co_await authenticate(refused, session);
        if (!result.failure) {
            const auto rendered = render(asking, *session);
            result = co_await try_once(asking, rendered, page);
        }
        if (result.answer) {
            auth_.accepted(*session);
            auto answer = std::move(*result.answer);
            if (asking.request.rest && answer.kind == ErrorClass::none)
                co_await complete_lists(asking, answer, page);
            co_return answer;
        }
        if (result.is_expired && auth_.is_renewable() && !refused) {
            refused = session;
            --attempt;  // once for each question
            continue;
        }
        if (result.is_reworded) {
            --attempt;  // there are only so many ways to ask for less
            continue;
        }
        if (result.is_dead_credential) throw DeadCredential(result.failure->what());
        // Never sooner than we were told, and spread out beyond that: others were told the same.
        const auto wait = result.wait + backoff_.wait(attempt);
        if (!result.may_pass || attempt + 1 >= retry.tries || wait > retry.patience)
            throw Failure{*result.failure};
        timer.expires_after(wait);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

}  // namespace nudged::sources
