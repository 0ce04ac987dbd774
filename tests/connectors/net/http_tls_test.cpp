// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/net/certificate.hpp"
#include "tests/connectors/net/client.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>
#include <curl/curl.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace nudged;
using namespace nudged::tests;

namespace {

class CaFile {
public:
    explicit CaFile(const std::string& pem)
        : path_(std::filesystem::temp_directory_path() /
                ("nudged-test-ca-" + std::to_string(getpid()) + ".pem")) {
        std::ofstream(path_) << pem;
    }
    ~CaFile() { std::filesystem::remove(path_); }
    CaFile(const CaFile&) = delete;
    CaFile& operator=(const CaFile&) = delete;
    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

Reply hello(const Request&) {
    return Reply::text("hello over TLS");
}

}  // namespace

TEST_CASE("a server whose certificate nobody vouches for is refused before the request") {
    HttpServer server(hello, self_signed());
    Client client;

    const auto failure = client.failure_of(server.url("/s3cr3t"));

    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::needs_person);
    CHECK_FALSE(failure->sent());
    CHECK(failure->curl_code() == CURLE_PEER_FAILED_VERIFICATION);
    const std::string what = failure->what();
    CHECK(what.starts_with(server.url("") + ": its certificate is not trusted (SSL certificate"));
    CHECK(what.find("s3cr3t") == std::string::npos);
    CHECK(server.requests().empty());
}

TEST_CASE("a server whose certificate the CA file vouches for is served, on one connection") {
    const auto identity = self_signed();
    HttpServer server(hello, identity);
    const CaFile ca(identity.certificate_pem);
    net::HttpOptions options;
    options.ca_file = ca.path();
    Client client(options);

    CHECK(client.get(server.url()).body == "hello over TLS");
    CHECK(client.get(server.url()).body == "hello over TLS");
    CHECK(server.connections() == 1);
}

TEST_CASE("a trusted certificate for another name is refused") {
    const auto identity = self_signed();  // for 127.0.0.1
    HttpServer server(hello, identity);
    const CaFile ca(identity.certificate_pem);
    net::HttpOptions options;
    options.ca_file = ca.path();
    Client client(options);

    const auto failure =
        client.failure_of("https://localhost:" + std::to_string(server.port()) + "/");

    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::needs_person);
    CHECK_FALSE(failure->sent());
    CHECK(server.requests().empty());
}

TEST_CASE("a CA file that is not there needs a person") {
    HttpServer server(hello, self_signed());
    net::HttpOptions options;
    options.ca_file = "/nonexistent/ca.pem";
    Client client(options);

    const auto failure = client.failure_of(server.url());

    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::needs_person);
    CHECK_FALSE(failure->sent());
    CHECK(failure->what() == server.url("") + ": the CA file cannot be read");
}

TEST_CASE("TLS to a server that does not speak it is transient") {
    HttpServer server(hello);
    Client client;

    const auto failure =
        client.failure_of("https://127.0.0.1:" + std::to_string(server.port()) + "/");

    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::transient);
    CHECK_FALSE(failure->sent());
}
