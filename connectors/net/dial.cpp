// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/dial.hpp"

#include "connectors/base/text.hpp"
#include "connectors/net/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <new>

namespace nudged::net {
namespace {

/// Of an https request, since that is what goes over the connection.
const char* proxy_of_environment() {
    for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
        if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
    return nullptr;
}

/// As libcurl reads no_proxy: all, or names and the ends of names.
bool goes_without_proxy(std::string_view host) {
    const char* value = std::getenv("no_proxy");
    if (value == nullptr || *value == '\0') value = std::getenv("NO_PROXY");
    if (value == nullptr) return false;
    std::string names = to_lower_ascii(value);
    if (trim(names) == "*") return true;
    std::replace(names.begin(), names.end(), ' ', ',');
    const auto wanted = "." + to_lower_ascii(host);
    const auto all = split(names, ',');
    return std::any_of(all.begin(), all.end(), [&](std::string_view name) {
        if (name.starts_with('.')) name.remove_prefix(1);
        return !name.empty() && wanted.ends_with("." + std::string{name});
    });
}

TransferFailure unreachable(FailureKind kind, const Place& place, std::string_view why,
                            CURLcode code) {
    return {kind, fmt::format("{}: {}", place.str(), why), code, false};
}

Place allowed_place(const std::string& url) {
    const auto place = parse_place(url);
    if (!place)
        throw TransferFailure(FailureKind::refused, "the URL is not an http(s) URL",
                              CURLE_URL_MALFORMAT, false);
    if (place->has_credentials)
        throw unreachable(FailureKind::refused, *place, "the URL holds a password",
                          CURLE_URL_MALFORMAT);
    if (place->scheme == "http" && !place->is_loopback())
        throw unreachable(FailureKind::refused, *place, "http is for this machine alone",
                          CURLE_UNSUPPORTED_PROTOCOL);
    return *place;
}

/// What is handed over is the bare connection, beneath the TLS that libcurl speaks to such a proxy.
void refuse_tls_proxy(const Place& place, std::string_view proxy) {
    if (!to_lower_ascii(proxy).starts_with("https://") || goes_without_proxy(place.host)) return;
    throw unreachable(FailureKind::needs_person, place,
                      "a lasting connection cannot go through the environment's https:// proxy; "
                      "name one as http:// in https_proxy, or the host in no_proxy",
                      CURLE_UNSUPPORTED_PROTOCOL);
}

std::string reason(CURL* easy, CURLcode code) {
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status);
    if (status >= 300) return fmt::format("the proxy refused with status {}", status);
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return "the name was not found";
    case CURLE_COULDNT_RESOLVE_PROXY: return "the proxy's name was not found";
    case CURLE_COULDNT_CONNECT: return "cannot connect";
    case CURLE_OPERATION_TIMEDOUT: return "timed out while connecting";
    default: return curl_easy_strerror(code);  // fixed texts
    }
}

}  // namespace

Dial::Dial(const std::string& url, std::chrono::milliseconds timeout)
    : place_(allowed_place(url)), easy_(curl_easy_init()) {
    if (!easy_) throw std::bad_alloc();
    const auto set = [&](CURLoption option, auto value) {
        if (const auto code = curl_easy_setopt(easy_.get(), option, value); code != CURLE_OK)
            throw unreachable(FailureKind::needs_person, place_, curl_easy_strerror(code), code);
    };
    // Whatever the scheme: what libcurl is asked for is the bare connection.
    set(CURLOPT_URL, fmt::format("http://{}:{}/", place_.host, place_.port).c_str());
    set(CURLOPT_PROTOCOLS_STR, "http");
    set(CURLOPT_CONNECT_ONLY, 1L);
    // One that was kept has been spoken on. This one lives on as it is: FORBID_REUSE would end it
    // here.
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // or a cancellation would wait for its resolver's thread
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (place_.is_loopback()) {
        set(CURLOPT_NOPROXY, "*");
    } else if (const char* proxy = proxy_of_environment()) {
        refuse_tls_proxy(place_, proxy);
        set(CURLOPT_PROXY, proxy);
        set(CURLOPT_HTTPPROXYTUNNEL, 1L);
    }
}

bool Dial::is_v6() const {
    const char* address = nullptr;
    curl_easy_getinfo(easy_.get(), CURLINFO_PRIMARY_IP, &address);
    return address != nullptr && std::string_view{address}.find(':') != std::string_view::npos;
}

int Dial::take(CURLcode code) {
    if (code != CURLE_OK) {
        long status = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &status);
        const auto kind =
            status == 403 || status == 407 ? FailureKind::needs_person : FailureKind::transient;
        throw unreachable(kind, place_, reason(easy_.get(), code), code);
    }
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket);
    // libcurl closes its own one with the handle.
    const int own = socket == CURL_SOCKET_BAD ? -1 : ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (own < 0)
        throw unreachable(FailureKind::transient, place_, "the connection ended at once", code);
    return own;
}

}  // namespace nudged::net
