// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/post.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"

#include <fmt/format.h>

namespace nudged::channels {

net::HttpRequest json_post(std::string_view url, const std::string& payload) {
    net::HttpRequest request;
    request.method = "POST";
    request.url = std::string{url};
    request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    request.body = payload;
    request.connect_timeout = std::chrono::seconds{10};
    request.timeout = std::chrono::seconds{30};
    request.max_body_bytes = 64u << 10;
    return request;
}

SendOutcome without_answer(const net::TransferFailure& failure) {
    SendOutcome result;
    result.reason = shorten(clean_line(failure.what()), 500);
    // A certificate that is not trusted, or a URL that no request can go to, needs a person.
    const bool is_impossible = failure.kind() == FailureKind::needs_person ||
                               (failure.kind() == FailureKind::refused && !failure.sent());
    if (is_impossible)
        result.outcome = Outcome::refused_destination;
    else
        result.outcome = failure.sent() ? Outcome::ambiguous : Outcome::transient;
    return result;
}

asio::awaitable<SendOutcome> try_once(net::HttpClient& http, net::HttpRequest request,
                                      Classify classify) {
    try {
        const auto response = co_await http.send(std::move(request));
        co_return classify(response, system_now());
    } catch (const net::TransferFailure& failure) {
        co_return without_answer(failure);
    }
}

std::string describe(const net::HttpResponse& response) {
    return response.body.empty()
               ? fmt::format("{} with an empty body", response.status)
               : fmt::format("{} with a body of {} bytes", response.status, response.body.size());
}

Outcome chat_outcome(int status, bool has_retry_after, Outcome success) {
    if (status >= 200 && status < 300) return success;
    if (status == 429) return Outcome::throttled;
    if (status == 503) return has_retry_after ? Outcome::throttled : Outcome::transient;
    if (status >= 500) return Outcome::ambiguous;
    if (status == 408 || status == 425) return Outcome::transient;
    if (status == 400 || status == 413 || status == 422) return Outcome::refused_payload;
    // Another 4xx, or a redirect, which is never followed: this is not the webhook that it was.
    return Outcome::refused_destination;
}

Complaint complain_of_url(std::string_view url, std::string_view whose) {
    if (url.empty())
        return {fmt::format("{} is not set", whose),
                "set url to where it is kept: { file = \"…\" } or { credential = \"…\" }"};
    const auto origin = net::origin_of(url);
    if (origin.empty())
        return {fmt::format("{} is no https URL", whose),
                "copy the whole URL, without quotes or spaces"};
    if (origin.starts_with("http:") && !net::is_loopback(url))
        return {fmt::format("{} begins with http:", whose),
                "use https: whoever reads the URL on its way could post, too"};
    if (url.find_first_of("{}") != url.npos)
        return {fmt::format("{} has a placeholder in it", whose),
                "write out the whole URL: nothing is filled in"};
    return {};
}

void report(const Complaint& complaint, const ChannelOptions& options, Diagnostics& problems) {
    if (!complaint.what.empty())
        problems.error(options.place, fmt::format("channel '{}': {}", options.name, complaint.what),
                       complaint.remedy);
}

void refuse(const Complaint& complaint, const ChannelOptions& options) {
    if (!complaint.what.empty())
        throw Failure(FailureKind::needs_person, fmt::format("channel '{}': {}: {}", options.name,
                                                             complaint.what, complaint.remedy));
}

}  // namespace nudged::channels
