// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/url.hpp"
#include "connectors/base/text.hpp"
#include "connectors/net/http.hpp"

#include <boost/asio/ip/address.hpp>
#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>

namespace nudged::net {

namespace {

struct UrlCleanup {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using UrlHandle = std::unique_ptr<CURLU, UrlCleanup>;

std::optional<std::string> part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return std::nullopt;
    std::string result{text};
    curl_free(text);
    return result;
}

bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

}  // namespace

std::optional<Place> parse_place(std::string_view url) {
    // A NUL would hide from libcurl what follows it.
    if (url.find('\0') != std::string_view::npos) return std::nullopt;
    const UrlHandle handle{curl_url()};
    const std::string text{url};
    if (curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK)
        return std::nullopt;
    const auto scheme = part_of(handle.get(), CURLUPART_SCHEME);
    const auto host = part_of(handle.get(), CURLUPART_HOST);
    const auto port = part_of(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    if (!scheme || !host || !port || (*scheme != "http" && *scheme != "https")) return std::nullopt;
    Place place;
    place.scheme = *scheme;
    place.host = to_lower_ascii(*host);
    place.port = *port;
    place.has_credentials =
        part_of(handle.get(), CURLUPART_USER) || part_of(handle.get(), CURLUPART_PASSWORD);
    return place;
}

bool Place::is_loopback() const {
    if (host == "localhost" || host == "[::1]") return true;
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address_v4(host, error);
    return !error && address.is_loopback();
}

std::string Place::origin() const {
    return fmt::format("{}://{}:{}", scheme, host, port);
}

std::string Place::str() const {
    const bool usual = port == (scheme == "https" ? "443" : "80");
    return usual ? fmt::format("{}://{}", scheme, host) : origin();
}

std::string url_encode(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c))
            result += c;
        else
            result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return result;
}

std::string redact_url(std::string_view url) {
    const auto place = parse_place(url);
    return fmt::format("{}/…{}", place ? place->str() : "", fingerprint(url).substr(0, 6));
}

std::string origin_of(std::string_view url) {
    const auto place = parse_place(url);
    return place ? place->origin() : std::string{};
}

bool is_loopback(std::string_view url) {
    const auto place = parse_place(url);
    return place && place->is_loopback();
}

}  // namespace nudged::net
