// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/net/client.hpp"
#include "tests/support/http_server.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/crc.hpp>
#include <catch2/catch.hpp>
#include <sys/resource.h>

using namespace nudged;
using namespace nudged::tests;
using net::HttpRequest;

namespace {

// The deflated form (RFC 1951) of `plain`, ending on a byte; final blocks end the stream.
std::string deflated(std::string_view plain, boost::beast::zlib::Flush flush) {
    boost::beast::zlib::deflate_stream deflate;
    std::string out(plain.size() + 1024, '\0');
    boost::beast::zlib::z_params piece;
    piece.next_in = plain.data();
    piece.avail_in = plain.size();
    piece.next_out = out.data();
    piece.avail_out = out.size();
    boost::system::error_code ignored;  // "end of stream" is one
    deflate.write(piece, flush, ignored);
    out.resize(piece.total_out);
    return out;
}

// RFC 1952 §2.3: magic, deflate, no flags, no time, no extra flags, Unix.
const std::string gzip_head("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10);

std::string gzipped(std::string_view plain) {
    boost::crc_32_type crc;
    crc.process_bytes(plain.data(), plain.size());
    std::string out = gzip_head + deflated(plain, boost::beast::zlib::Flush::finish);
    for (const std::uint32_t word : {crc.checksum(), static_cast<std::uint32_t>(plain.size())})
        for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(word >> shift);
    return out;
}

Reply encoded(std::string body, const char* encoding) {
    Reply reply = Reply::text(std::move(body));
    reply.headers.emplace_back("Content-Encoding", encoding);
    return reply;
}

long peak_kilobytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

HttpRequest bounded(const std::string& url, std::size_t max_body_bytes) {
    HttpRequest request;
    request.url = url;
    request.max_body_bytes = max_body_bytes;
    return request;
}

}  // namespace

TEST_CASE("compressed answers arrive as plain text") {
    const std::string plain = std::string(100'000, 'a') + "end";
    HttpServer server([&](const Request& request) {
        if (request.path == "/gzip") return encoded(gzipped(plain), "gzip");
        return encoded(deflated(plain, boost::beast::zlib::Flush::finish), "deflate");
    });
    Client client;

    CHECK(client.get(server.url("/gzip")).body == plain);
    CHECK(client.get(server.url("/deflate")).body == plain);
    CHECK(server.requests()[0].header("accept-encoding") == "gzip, deflate");
}

TEST_CASE("an answer as long as the limit passes, and one byte more does not") {
    HttpServer server([](const Request&) { return Reply::text("12345678"); });
    Client client;

    CHECK(client.send(bounded(server.url(), 8)).body == "12345678");
    const auto failure = client.failure_of(bounded(server.url(), 7));
    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::refused);
    CHECK(failure->sent());
    CHECK(failure->what() == server.url("") + ": the answer is longer than 7 bytes");
}

TEST_CASE("an endless answer is cut at the limit while memory stays flat") {
    HttpServer server([](const Request&) {
        Reply reply = Reply::text(std::string(1u << 20, 'x'));
        reply.repeat = 2048;  // 2 GiB
        return reply;
    });
    Client client;
    const long before = peak_kilobytes();

    const auto failure = client.failure_of(bounded(server.url(), 4u << 20));

    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::refused);
    CHECK(server.wait_for_open_connections(0));
    CHECK(peak_kilobytes() - before < 64 * 1024);
}

TEST_CASE("a gzip bomb is cut at the limit of what it unpacks to") {
    // A mebibyte of zeros takes about a kilobyte; 2000 of them are a valid beginning of a stream.
    const auto block = deflated(std::string(1u << 20, '\0'), boost::beast::zlib::Flush::full);
    std::string bomb = gzip_head;
    for (int n = 0; n < 2000; ++n) bomb += block;
    REQUIRE(bomb.size() < (4u << 20));
    HttpServer server([&](const Request&) { return encoded(bomb, "gzip"); });
    Client client;
    const long before = peak_kilobytes();

    const auto failure = client.failure_of(bounded(server.url(), 4u << 20));

    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::refused);
    CHECK(peak_kilobytes() - before < 64 * 1024);
}

TEST_CASE("an answer that only pretends to be gzip is a passing failure") {
    HttpServer server([](const Request&) { return encoded("not gzip at all", "gzip"); });
    Client client;

    const auto failure = client.failure_of(server.url());
    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::transient);
    CHECK(failure->sent());
}

TEST_CASE("an answer's headers are bounded in number and in size") {
    struct Case {
        const char* name;
        int headers;
        std::size_t value_bytes;
        bool refused;
    };
    // Beside these the server sends Content-Length. The size limit is 65,536 bytes.
    const auto c = GENERATE(values<Case>({
        {"as many as may be", 255, 1, false},
        {"one too many", 256, 1, true},
        {"large ones", 10, 6'000, false},
        {"too large together", 12, 6'000, true},
        {"one that is too large", 1, 200'000, true},
    }));
    DYNAMIC_SECTION(c.name) {
        HttpServer server([&](const Request&) {
            Reply reply;
            for (int n = 0; n < c.headers; ++n)
                reply.headers.emplace_back("X-H", std::string(c.value_bytes, 'v'));
            return reply;
        });
        Client client;

        const auto failure = client.failure_of(server.url());
        CHECK(failure.has_value() == c.refused);
        if (failure) CHECK(failure->kind() == FailureKind::refused);
    }
}
