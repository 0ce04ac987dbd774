// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/render.hpp"
#include "tests/connectors/channels/mail_bench.hpp"
#include "tests/smtp_receiver/parsed_mail.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>

using namespace nudged;
using namespace std::chrono_literals;
using channels::mail::parse_payload;
using tests::MailBench;
using tests::Reply;
using tests::Request;

namespace {

/// OpenSSL's decoder, which is not what encoded it.
std::string from_base64(const std::string& text) {
    std::string bytes(text.size(), '\0');
    const int count = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                      reinterpret_cast<const unsigned char*>(text.data()),
                                      static_cast<int>(text.size()));
    bytes.resize(static_cast<std::size_t>(std::max(0, count)));
    while (!bytes.empty() && bytes.back() == '\0') bytes.pop_back();
    return bytes;
}

/// Microsoft's two servers: tokens "token-1", "token-2", …, and what `answer` says to a mail.
struct Microsoft {
    explicit Microsoft(tests::HttpServer::Handler answer)
        : server([this, answer](const Request& request) {
              if (request.path == "/contoso/oauth2/v2.0/token") {
                  logins.push_back(request.body);
                  return Reply::json(R"({"access_token":"token-)" + std::to_string(logins.size()) +
                                     R"(","expires_in":3599})");
              }
              mails.push_back(request);
              return answer(request);
          }) {}

    channels::ChannelOptions options(std::vector<std::string> to) const {
        channels::GraphOptions graph;
        graph.tenant = "contoso";
        graph.client_id = "app";
        graph.client_secret = Secret{"s3cr3t"};
        graph.login_url = graph.api_url = server.url("");
        graph.mail.from = "nudged@contoso.com";
        graph.mail.to = std::move(to);
        channels::ChannelOptions options;
        options.name = "managers";
        options.kind = "graph";
        options.kind_options = graph;
        return options;
    }

    std::vector<std::string> logins;
    std::vector<Request> mails;
    tests::HttpServer server;
};

Reply error(int status, const std::string& code) {
    return Reply::json(R"({"error":{"code":")" + code + R"(","message":"dana@example.com"}})",
                       status);
}

Reply waiting(Reply reply, const std::string& seconds) {
    reply.headers.emplace_back("Retry-After", seconds);
    return reply;
}

}  // namespace

TEST_CASE("Microsoft Graph gets a whole mail for each address, and one token") {
    Microsoft microsoft([](const Request&) { return Reply::text("", 202); });
    MailBench bench(microsoft.options({"dana@example.com", "eve@example.com"}));
    const auto payload = bench.channel().render(tests::brief());
    const auto sent = bench.send(payload);
    INFO(sent.reason);
    CHECK(to_string(sent.outcome) == "accepted");
    CHECK(microsoft.logins ==
          std::vector<std::string>{"grant_type=client_credentials&client_id=app&client_secret="
                                   "s3cr3t&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"});
    REQUIRE(microsoft.mails.size() == 2);
    const auto& request = microsoft.mails[0];
    CHECK(request.method == "POST");
    CHECK(request.target == "/v1.0/users/nudged%40contoso.com/sendMail");
    CHECK(request.header("content-type") == "text/plain");
    CHECK(request.header("authorization") == "Bearer token-1");
    const auto mail = tests::parse_mail(from_base64(request.body));
    CHECK(mail.defects.empty());
    CHECK(mail.from == "nudged@contoso.com");
    CHECK(mail.to == "dana@example.com");
    CHECK(mail.header("Subject") == parse_payload(payload).subject);
    CHECK(mail.text == parse_payload(payload).text);
    CHECK(mail.html == parse_payload(payload).html);
    CHECK(tests::parse_mail(from_base64(microsoft.mails[1].body)).to == "eve@example.com");
}

TEST_CASE(
    "what Microsoft Graph answers leads to the right outcome, and the reason quotes nothing") {
    struct Case {
        const char* name;
        Reply reply;
        const char* outcome;
        std::optional<std::chrono::milliseconds> wait{};
    };
    const auto c = GENERATE(values<Case>({
        {"429", waiting(error(429, "ApplicationThrottled"), "30"), "throttled", 30s},
        {"429 that does not say how long", Reply::text("", 429), "throttled"},
        {"503", Reply::text("", 503), "transient"},
        {"503 with Retry-After", waiting(Reply::text("", 503), "12"), "throttled", 12s},
        {"500", Reply::text("", 500), "ambiguous"},
        {"502", Reply::text("", 502), "ambiguous"},
        {"504", Reply::text("", 504), "ambiguous"},
        {"no answer", Reply::nothing(Reply::Ending::close), "ambiguous"},
        {"an address that takes no mail", error(400, "ErrorInvalidRecipients"),
         "refused_destination"},
        {"a mail that is none", error(400, "ErrorMimeContentInvalid"), "refused_payload"},
        {"400 and anything", Reply::text("", 400), "refused_payload"},
        {"too large", error(413, "ErrorMessageSizeExceeded"), "refused_payload"},
        {"no permission", error(403, "ErrorAccessDenied"), "refused_destination"},
        {"not as this sender", error(403, "ErrorSendAsDenied"), "refused_destination"},
        {"a day's limit", error(403, "ErrorExceededMessageLimit"), "throttled"},
        {"no mailbox", error(404, "ErrorInvalidUser"), "refused_destination"},
        {"being moved", error(503, "ErrorMailboxMoveInProgress"), "transient"},
        {"a redirect", waiting(Reply::text("", 302), "1"), "refused_destination", 1s},
        {"200, which is not what it says", Reply::text("", 200), "refused_destination"},
        {"JSON nested fifty thousand deep", Reply::text(std::string(50'000, '['), 400),
         "refused_payload"},
    }));
    DYNAMIC_SECTION(c.name) {
        Microsoft microsoft([&](const Request&) { return c.reply; });
        MailBench bench(microsoft.options({"dana@example.com"}));
        const auto sent = bench.send(bench.channel().render(tests::brief()));
        CAPTURE(sent.reason);
        CHECK(to_string(sent.outcome) == c.outcome);
        CHECK(sent.retry_after == c.wait);
        CHECK(sent.reason.find("dana") == std::string::npos);
        CHECK(sent.reason.find("token-") == std::string::npos);
        CHECK(sent.reason.find("s3cr3t") == std::string::npos);
        CHECK(microsoft.mails.size() == 1);
    }
}

TEST_CASE("a token that was taken back is replaced once") {
    Microsoft microsoft([](const Request& request) {
        const bool is_good = request.header("authorization") == "Bearer token-2";
        return is_good ? Reply::text("", 202) : error(401, "InvalidAuthenticationToken");
    });
    MailBench bench(microsoft.options({"dana@example.com"}));
    CHECK(to_string(bench.send(bench.channel().render(tests::brief())).outcome) == "accepted");
    CHECK(microsoft.logins.size() == 2);
    CHECK(microsoft.mails.size() == 2);
}

TEST_CASE("tokens that are never taken need a person, after two of them") {
    Microsoft microsoft([](const Request&) { return error(401, "InvalidAuthenticationToken"); });
    MailBench bench(microsoft.options({"dana@example.com"}));
    const auto sent = bench.send(bench.channel().render(tests::brief()));
    CHECK(to_string(sent.outcome) == "refused_destination");
    CHECK(microsoft.logins.size() == 2);
    CHECK(microsoft.mails.size() == 2);
}
