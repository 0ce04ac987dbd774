// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/csv/download.hpp"

#include "connectors/base/failure.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>
#include <utility>

namespace nudged::sources::csv {
namespace {

constexpr int max_redirects = 5;
constexpr std::size_t max_table_bytes = 256u << 20;

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// The URL that a redirect leads to (RFC 9110 §10.2.2), of the forms that servers use. A server out
/// there is not followed onto this machine.
std::string redirect_target(const std::string& from, std::string_view location) {
    std::string target{location};
    if (location.starts_with('/') && !location.starts_with("//"))
        target = net::origin_of(from) + target;
    if (net::origin_of(target).empty() || (net::is_loopback(target) && !net::is_loopback(from)))
        throw Failure(
            FailureKind::needs_person,
            fmt::format("{} redirects to an address that is not followed", net::redact_url(from)));
    return target;
}

[[noreturn]] void refuse(const std::string& url, const net::HttpResponse& answer, Instant now) {
    const std::string what =
        fmt::format("{} answered with status {}", net::redact_url(url), answer.status);
    const auto wait = answer.retry_after(now);
    const bool transient = answer.status >= 500 || answer.status == 408;
    const auto kind = answer.status == 429 ? FailureKind::throttled
                      : transient          ? FailureKind::transient
                                           : FailureKind::needs_person;
    if (wait) throw Failure(kind, what, *wait);
    throw Failure(kind, kind == FailureKind::needs_person
                            ? what + "; is the link right, and is the table published?"
                            : what);
}

}  // namespace

asio::awaitable<Download> fetch_table(net::Exchange& http, std::string url, const Version* known,
                                      Instant now) {
    for (int redirects = 0; redirects <= max_redirects; ++redirects) {
        net::HttpRequest request;
        request.url = url;
        request.headers.emplace_back("Accept", "text/csv, text/plain;q=0.9, */*;q=0.1");
        if (known && !known->etag.empty())
            request.headers.emplace_back("If-None-Match", known->etag);
        if (known && !known->last_modified.empty())
            request.headers.emplace_back("If-Modified-Since", known->last_modified);
        request.timeout = std::chrono::minutes{5};
        request.max_body_bytes = max_table_bytes;
        net::HttpResponse answer = co_await http.send(std::move(request));
        if (is_redirect(answer.status)) {
            url = redirect_target(url, answer.header("location"));
            continue;
        }
        Download download;
        if (answer.status == 304 && known) {
            download.etag = known->etag;
            download.last_modified = known->last_modified;
            co_return download;
        }
        if (answer.status != 200) refuse(url, answer, now);
        if (answer.header("content-type").starts_with("text/html"))
            throw Failure(FailureKind::needs_person,
                          fmt::format("{} answered with a web page instead of a table; is it "
                                      "published as CSV?",
                                      net::redact_url(url)));
        download.etag = answer.header("etag");
        download.last_modified = answer.header("last-modified");
        download.body = std::make_shared<const std::string>(std::move(answer.body));
        co_return download;
    }
    throw Failure(FailureKind::needs_person,
                  fmt::format("{} redirects in circles", net::redact_url(url)));
}

}  // namespace nudged::sources::csv
