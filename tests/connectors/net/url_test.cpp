// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/http.hpp"

#include <catch2/catch.hpp>

using namespace nudged;

TEST_CASE("everything but the unreserved characters is percent-encoded") {
    CHECK(net::url_encode("AZaz09-._~") == "AZaz09-._~");
    CHECK(net::url_encode("a b&c=d/é+") == "a%20b%26c%3Dd%2F%C3%A9%2B");
    CHECK(net::url_encode(std::string_view("\0\n%", 3)) == "%00%0A%25");
}

TEST_CASE("an origin is scheme, host and port, whatever else a URL says") {
    struct Case {
        const char* url;
        const char* origin;
    };
    const auto c = GENERATE(values<Case>({
        {"https://API.Example.com/v1?x=1#y", "https://api.example.com:443"},
        {"HTTPS://api.example.com:443", "https://api.example.com:443"},
        {"https://api.example.com:8443/", "https://api.example.com:8443"},
        {"http://127.0.0.1:8080/x", "http://127.0.0.1:8080"},
        {"http://[::1]/x", "http://[::1]:80"},
        {"https://user:pass@api.example.com/", "https://api.example.com:443"},
        {"https://api.example.com@evil.example/", "https://evil.example:443"},
        {"https://one.example\\@api.example.com/",
         "https://api.example.com:443"},  // as libcurl goes
        {"ftp://example.com/", ""},
        {"/v1/next", ""},
        {"api.example.com/v1", ""},
        {"", ""},
    }));
    CAPTURE(c.url);
    CHECK(net::origin_of(c.url) == c.origin);
}

TEST_CASE("a host is loopback only when it can lead nowhere else") {
    struct Case {
        const char* url;
        bool loopback;
    };
    const auto c = GENERATE(values<Case>({
        {"http://localhost/", true},
        {"http://LOCALHOST:1/", true},
        {"http://127.0.0.1:80/", true},
        {"http://127.255.255.254/", true},
        {"http://[::1]:80/", true},
        {"http://0.0.0.0/", false},
        {"http://128.0.0.1/", false},
        {"http://127.0.0.1.example.com/", false},
        {"http://localhost.example.com/", false},
        {"http://localhost@example.com/", false},
        {"http://example.com/localhost", false},
        {"http://[::2]/", false},
        {"localhost", false},
    }));
    CAPTURE(c.url);
    CHECK(net::is_loopback(c.url) == c.loopback);
}

TEST_CASE("a redacted URL shows where it leads and tells itself from others, no more") {
    const auto one = net::redact_url("https://hooks.example.com/services/T0/B0/s3cr3t?sig=1");
    const auto other = net::redact_url("https://hooks.example.com/services/T0/B0/0ther?sig=1");
    const std::string shown = "https://hooks.example.com/…";
    CHECK(one.starts_with(shown));
    CHECK(one.size() == shown.size() + 6);
    CHECK(one.find("s3cr3t") == std::string::npos);
    CHECK(one != other);
    CHECK(net::redact_url("s3cr3t").find("s3cr3t") == std::string::npos);
}
