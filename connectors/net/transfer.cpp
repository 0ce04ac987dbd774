// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/transfer.hpp"
#include "connectors/base/text.hpp"
#include "connectors/net/address.hpp"
#include "connectors/net/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <new>
#include <sys/socket.h>
#include <system_error>

namespace nudged::net {

namespace {

constexpr std::size_t max_headers = 256;
constexpr std::size_t max_header_bytes = 64u << 10;  // interim answers and trailers included
// A far end that sends less than this on average is taken for dead before the whole time is over.
constexpr long low_speed_bytes_per_second = 10;
constexpr long low_speed_seconds = 60;

TransferFailure unsendable(const std::string& what, CURLcode code) {
    return {FailureKind::needs_person, what, code, false};
}

// Where the request leads, once it is certain that it may go there.
Place allowed_place(const HttpRequest& request) {
    const auto place = parse_place(request.url);
    if (!place) throw unsendable("the URL is not an http(s) URL", CURLE_URL_MALFORMAT);
    if (place->has_credentials)
        throw unsendable(place->str() + ": the URL holds a password; give it as a secret instead",
                         CURLE_URL_MALFORMAT);
    if (place->scheme == "http" && !place->is_loopback())
        throw unsendable(place->str() + ": http is for this machine alone; use https",
                         CURLE_UNSUPPORTED_PROTOCOL);
    return *place;
}

// RFC 9110 §5.1 and §5.5; libcurl sends header lines as they are.
bool is_token(std::string_view name) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    });
}

bool has_control(std::string_view value) {
    return std::any_of(value.begin(), value.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

// What libcurl would go through; a proxy's own address says nothing of where it leads.
bool has_proxy() {
    return std::ranges::any_of(std::array{"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"},
                               [](const char* name) {
                                   const char* value = std::getenv(name);
                                   return value && *value;
                               });
}

// The status with which a proxy refused to lead to the server; 0 when none did.
long proxy_refusal(CURL* easy) {
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status);
    return status >= 300 ? status : 0;
}

FailureKind kind_of(CURLcode code) {
    switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:  // a certificate, or a clock
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_URL_MALFORMAT: return FailureKind::needs_person;
    case CURLE_OUT_OF_MEMORY:  // what libcurl says of a header line over 100 kB
        return FailureKind::refused;
    default: return FailureKind::transient;
    }
}

}  // namespace

Transfer::Transfer(const HttpRequest& request, const HttpOptions& options) : request_(request) {
    assert(request.method == "GET" || request.method == "POST" || request.method == "DELETE");
    const Place place = allowed_place(request);
    place_ = place.str();
    easy_.reset(curl_easy_init());
    if (!easy_) throw std::bad_alloc();

    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_USERAGENT, options.user_agent.c_str());
    set_limits();
    set_security(options, place.is_loopback());
    set_headers();
    set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_2TLS});
    set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    if (request.method == "POST") {
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(CURLOPT_POSTFIELDS, request.body.c_str());
    }
    if (request.method == "DELETE") set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    set(CURLOPT_ERRORBUFFER, &details_[0]);
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_PREREQFUNCTION, &Transfer::on_ready);
    set(CURLOPT_PREREQDATA, this);
}

template <typename Value>
void Transfer::set(CURLoption option, Value value) {
    if (const CURLcode code = curl_easy_setopt(easy_.get(), option, value); code != CURLE_OK)
        throw unsendable(fmt::format("{}: libcurl refuses its option {}: {}", place_,
                                     static_cast<int>(option), curl_easy_strerror(code)),
                         code);
}

void Transfer::set_limits() {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // or a cancellation would wait for its resolver's thread
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, low_speed_bytes_per_second);
    set(CURLOPT_LOW_SPEED_TIME, low_speed_seconds);
}

void Transfer::set_security(const HttpOptions& options, bool loopback) {
    set(CURLOPT_PROTOCOLS_STR, loopback ? "http,https" : "https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    // What this machine says to itself is nothing for a proxy.
    if (loopback) set(CURLOPT_NOPROXY, "*");
    // A proxy that is to keep away from some hosts would leave these to us, unlooked at.
    if (request_.public_only && !loopback && has_proxy()) set(CURLOPT_NOPROXY, "");
    if (request_.public_only && (loopback || !has_proxy())) {
        set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_socket);
        set(CURLOPT_OPENSOCKETDATA, this);
        set(CURLOPT_FRESH_CONNECT, 1L);  // a kept connection was not looked at
    }
    if (!options.ca_file.empty()) {
        // The file takes the place of the system's bundle; the system's folder stays.
        set(CURLOPT_CAINFO, options.ca_file.c_str());
        if (const char* folder = curl_version_info(CURLVERSION_NOW)->capath)
            set(CURLOPT_CAPATH, folder);
    }
}

void Transfer::set_headers() {
    bool has_type = false;
    for (const auto& [name, value] : request_.headers) {
        if (!is_token(name) || has_control(value))
            throw unsendable(place_ + ": a header has a character that no header may have; look "
                                      "for a line break in the secret or the configuration",
                             CURLE_BAD_FUNCTION_ARGUMENT);
        has_type = has_type || to_lower_ascii(name) == "content-type";
        // For libcurl "Name:" would mean to leave it out.
        append_header(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
    }
    append_header("Expect:");
    if (!has_type) append_header("Content-Type:");
    set(CURLOPT_HTTPHEADER, header_list_.get());
}

void Transfer::append_header(const std::string& line) {
    curl_slist* longer = curl_slist_append(header_list_.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(header_list_.release());
    header_list_.reset(longer);
}

// The callbacks are called from within libcurl, which no exception may cross. A count other than
// the one given ends the transfer.
std::size_t Transfer::on_body(char* data, std::size_t one, std::size_t size, void* self) {
    try {
        const bool taken = static_cast<Transfer*>(self)->take_body({data, one * size});
        return taken ? one * size : 0;
    } catch (const std::exception&) {
        return 0;
    }
}

std::size_t Transfer::on_header(char* data, std::size_t one, std::size_t size, void* self) {
    try {
        const bool taken = static_cast<Transfer*>(self)->take_header({data, one * size});
        return taken ? one * size : 0;
    } catch (const std::exception&) {
        return 0;
    }
}

// Asked for each address that the name has, after it was looked up: what it leads to counts, not
// what it is called.
curl_socket_t Transfer::on_socket(void* self, curlsocktype, curl_sockaddr* where) {
    namespace ip = boost::asio::ip;
    ip::address address;
    if (where->family == AF_INET) {
        const auto* v4 = reinterpret_cast<const sockaddr_in*>(&where->addr);
        address = ip::address_v4{ntohl(v4->sin_addr.s_addr)};
    } else if (where->family == AF_INET6) {
        const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&where->addr);
        ip::address_v6::bytes_type bytes;
        std::copy_n(v6->sin6_addr.s6_addr, bytes.size(), bytes.begin());
        address = ip::address_v6{bytes};
    }
    if (!is_public(address)) {
        static_cast<Transfer*>(self)->is_private_place_ = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(where->family, where->socktype | SOCK_CLOEXEC, where->protocol);
}

// When a kept connection turns out to be dead, libcurl sends the request again on a new one. A POST
// may have been acted on by then, so whether to repeat it is for the caller to decide.
int Transfer::on_ready(void* self, char*, char*, int, int) {
    auto& transfer = *static_cast<Transfer*>(self);
    const bool repeats = ++transfer.tries_ > 1;
    return repeats && transfer.request_.method == "POST" ? CURL_PREREQFUNC_ABORT
                                                         : CURL_PREREQFUNC_OK;
}

bool Transfer::take_body(std::string_view piece) {
    if (piece.size() > request_.max_body_bytes - response_.body.size()) {
        broken_limit_ = fmt::format("the answer is longer than {} bytes", request_.max_body_bytes);
        return false;
    }
    response_.body += piece;
    return true;
}

bool Transfer::take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > max_header_bytes) {
        broken_limit_ =
            fmt::format("the answer's headers are longer than {} bytes", max_header_bytes);
        return false;
    }
    if (line.starts_with("HTTP/")) {  // of an interim answer, or of the real one
        response_.headers.clear();
        in_head_ = true;
        return true;
    }
    const auto colon = line.find(':');
    if (trim(line).empty()) in_head_ = false;
    if (!in_head_ || colon == std::string_view::npos) return true;  // a trailer, or a fold
    if (response_.headers.size() == max_headers) {
        broken_limit_ = fmt::format("the answer has more than {} headers", max_headers);
        return false;
    }
    response_.headers.emplace_back(to_lower_ascii(trim(line.substr(0, colon))),
                                   std::string{trim(line.substr(colon + 1))});
    return true;
}

HttpResponse Transfer::finish(CURLcode code) {
    if (code != CURLE_OK) {
        auto kind = broken_limit_.empty() ? kind_of(code) : FailureKind::refused;
        const long refusal = proxy_refusal(easy_.get());
        if (is_private_place_ && code == CURLE_COULDNT_CONNECT) kind = FailureKind::needs_person;
        if (refusal == 403 || refusal == 407) kind = FailureKind::needs_person;
        throw TransferFailure(kind, fmt::format("{}: {}", place_, reason(code)), code, sent(code));
    }
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    return std::move(response_);
}

bool Transfer::sent(CURLcode code) const {
    switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_PROXY: return false;  // a proxy may have got bytes of ours, the server has not
    default: break;
    }
    if (proxy_refusal(easy_.get()) != 0) return false;
    long request_bytes = 0;
    curl_off_t uploaded = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &request_bytes);
    curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_UPLOAD_T, &uploaded);
    return request_bytes > 0 || uploaded > 0;
}

// Our own words: libcurl's may quote the URL.
std::string Transfer::reason(CURLcode code) const {
    if (!broken_limit_.empty()) return broken_limit_;
    if (const long status = proxy_refusal(easy_.get()))
        return fmt::format("the proxy refused with status {}", status);
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return "the name was not found";
    case CURLE_COULDNT_RESOLVE_PROXY: return "the proxy's name was not found";
    case CURLE_COULDNT_CONNECT: {
        if (is_private_place_) return "the name leads to this machine or a private network";
        long number = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &number);
        if (number == ECONNREFUSED) return "connection refused";
        return number == 0
                   ? "cannot connect"
                   : "cannot connect: " + std::system_category().message(static_cast<int>(number));
    }
    case CURLE_OPERATION_TIMEDOUT:
        return sent(code) ? "timed out while waiting for the answer"
                          : "timed out before the request was sent";
    case CURLE_PEER_FAILED_VERIFICATION:  // quotes the certificate check, which knows no URL
        return fmt::format("its certificate is not trusted ({}); check its CA and this machine's "
                           "clock",
                           shorten(clean_line(details_), 160));
    case CURLE_SSL_CACERT_BADFILE: return "the CA file cannot be read";
    case CURLE_GOT_NOTHING:
    case CURLE_ABORTED_BY_CALLBACK: return "the connection ended without an answer";
    case CURLE_SEND_ERROR: return "the connection broke while sending";
    case CURLE_RECV_ERROR: return "the connection broke before the answer was complete";
    case CURLE_PARTIAL_FILE: return "the answer ended too early";
    case CURLE_UNSUPPORTED_PROTOCOL:  // HTTP/0.9, which has no status: anything at all
    case CURLE_WEIRD_SERVER_REPLY: return "the answer is not HTTP";
    case CURLE_BAD_CONTENT_ENCODING: return "the answer cannot be decompressed";
    case CURLE_OUT_OF_MEMORY: return "a header of the answer is too long";
    default: return curl_easy_strerror(code);  // fixed texts
    }
}

}  // namespace nudged::net
