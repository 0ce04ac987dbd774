// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/render.hpp"
#include "connectors/channels/mail/smtp.hpp"
#include "tests/connectors/channels/mail_bench.hpp"
#include "tests/smtp_receiver/parsed_mail.hpp"
#include "tests/smtp_receiver/receiver.hpp"
#include "tests/support/http_server.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <catch2/catch.hpp>

#include <atomic>

using namespace nudged;
using namespace std::chrono_literals;
using channels::SmtpOptions;
using channels::mail::parse_payload;
using tests::MailBench;
using tests::SmtpReceiver;

namespace {

constexpr auto password = "p4ss w0rd=?";

SmtpOptions& smtp(channels::ChannelOptions& options) {
    return std::get<SmtpOptions>(options.kind_options);
}

std::string payload_for(MailBench& bench) {
    return bench.channel().render(tests::brief());
}

/// Of a channel that logs in over TLS.
channels::ChannelOptions secure_options(const SmtpReceiver& receiver, const std::string& security) {
    auto options = tests::smtp_options(receiver.port(), {"dana@example.com"});
    smtp(options).host = "localhost";
    smtp(options).security = security;
    smtp(options).ca_file = SmtpReceiver::certificate();
    smtp(options).user = "nudged@example.com";
    smtp(options).password = Secret{password};
    return options;
}

std::vector<std::string> recipients(const SmtpReceiver& receiver, const std::string& kind) {
    std::vector<std::string> all;
    for (const auto& event : receiver.events(kind))
        all.push_back(kind == "mail" ? event.to.at(0) : event.address);
    return all;
}

}  // namespace

TEST_CASE("a mail server gets the mail that was rendered, and others read it as such") {
    SmtpReceiver receiver;
    auto options = tests::smtp_options(receiver.port(), {"dana@example.com"});
    smtp(options).hello = "nudged.example.com";
    MailBench bench(options);
    const auto payload = payload_for(bench);
    const auto sent = bench.send(payload);
    INFO(sent.reason);
    CHECK(to_string(sent.outcome) == "accepted");
    CHECK(sent.status == 0);
    REQUIRE(receiver.events("mail").size() == 1);
    const auto mail = receiver.events("mail")[0];
    CHECK(receiver.events("hello")[0].name == "nudged.example.com");
    CHECK(mail.sender == "nudged@example.com");
    CHECK(mail.to == std::vector<std::string>{"dana@example.com"});
    const auto read = tests::parse_mail(mail.content);
    const auto wanted = parse_payload(payload);
    CHECK(read.defects.empty());
    CHECK(read.header("Subject") == wanted.subject);
    CHECK(read.text == wanted.text);
    CHECK(read.html == wanted.html);
}

TEST_CASE("each address gets a mail of its own, over one connection") {
    SmtpReceiver receiver;
    MailBench bench(tests::smtp_options(receiver.port(),
                                        {"kim@example.com", "lee@example.com", "max@example.com"}));
    const auto sent = bench.send(payload_for(bench));
    CHECK(to_string(sent.outcome) == "accepted");
    CHECK(receiver.events("hello").size() == 1);
    const auto mails = receiver.events("mail");
    REQUIRE(mails.size() == 3);
    for (const auto& mail : mails) {
        REQUIRE(mail.to.size() == 1);
        CHECK(tests::parse_mail(mail.content).to == mail.to[0]);
        for (const auto& other : {"kim@example.com", "lee@example.com", "max@example.com"})
            if (other != mail.to[0]) CHECK(mail.content.find(other) == std::string::npos);
    }
}

TEST_CASE("a login goes over TLS only, which is verified") {
    const std::string tls = GENERATE("starttls", "implicit");
    const std::string auth = GENERATE("plain", "login");
    SmtpReceiver receiver({.tls = tls, .user = "nudged@example.com", .password = password});
    auto options = secure_options(receiver, tls == "implicit" ? "tls" : "starttls");
    smtp(options).auth = auth;
    MailBench bench(options);
    const auto sent = bench.send(payload_for(bench));
    INFO(sent.reason);
    CHECK(to_string(sent.outcome) == "accepted");
    REQUIRE(receiver.events("mail").size() == 1);
    CHECK(receiver.events("mail")[0].tls);
    CHECK(receiver.events("mail")[0].login);
    REQUIRE(receiver.events("login").size() == 1);
    CHECK(receiver.events("login")[0].mechanism == (auth == "plain" ? "PLAIN" : "LOGIN"));
    CHECK(receiver.events("login")[0].secret == password);
}

TEST_CASE("a certificate that nobody vouches for gets neither login nor mail") {
    const std::string tls = GENERATE("starttls", "implicit");
    SmtpReceiver receiver({.tls = tls, .user = "nudged@example.com", .password = password});
    auto options = secure_options(receiver, tls == "implicit" ? "tls" : "starttls");
    smtp(options).ca_file.clear();
    MailBench bench(options);
    const auto sent = bench.send(payload_for(bench));
    CHECK(to_string(sent.outcome) == "refused_destination");
    CHECK(receiver.events("login").empty());
    CHECK(receiver.events("mail").empty());
}

TEST_CASE("a server from which STARTTLS was stripped gets neither login nor mail") {
    SmtpReceiver receiver;
    MailBench bench(secure_options(receiver, "starttls"));
    const auto sent = bench.send(payload_for(bench));
    CHECK(to_string(sent.outcome) == "refused_destination");
    CHECK(receiver.events("login").empty());
    CHECK(receiver.events("mail").empty());
}

TEST_CASE("what a real server says leads to the right outcome, and the reason tells no secret") {
    struct Case {
        const char* mode;
        const char* outcome;
        int status;
    };
    const auto c = GENERATE(values<Case>({
        {"greeting_421", "transient", 421},
        {"greeting_554", "refused_destination", 554},
        {"mail_421", "transient", 421},
        {"mail_530", "refused_destination", 530},
        {"mail_550", "refused_destination", 550},
        {"mail_552", "refused_payload", 552},
        {"data_451", "transient", 451},
        {"data_452", "transient", 452},
        {"data_552", "refused_payload", 552},
        {"data_554", "refused_payload", 554},
        {"data_511", "refused_destination", 550},
        {"drop_data", "transient", 0},
        {"drop_end", "ambiguous", 0},
    }));
    DYNAMIC_SECTION(c.mode) {
        SmtpReceiver receiver({.mode = c.mode});
        MailBench bench(tests::smtp_options(receiver.port(), {"dana@example.com"}));
        const auto sent = bench.send(payload_for(bench));
        CAPTURE(sent.reason);
        CHECK(to_string(sent.outcome) == c.outcome);
        CHECK(sent.status == c.status);
        CHECK(sent.reason.find("dana") == std::string::npos);
        CHECK(sent.reason.find("example.com") == std::string::npos);
        CHECK(sent.reason.size() <= 512);
    }
}

TEST_CASE("a login that is refused needs a person, and one that is put off does not") {
    struct Case {
        const char* mode;
        const char* right_password;
        const char* outcome;
        const char* in_reason;
    };
    const auto c = GENERATE(values<Case>({
        {"ok", "another", "refused_destination", "535 5.7.8 at AUTH: the login is wrong"},
        {"auth_454", password, "transient", "454 4.7.0 at AUTH"},
        {"auth_5730", password, "refused_destination", "takes no passwords any more"},
    }));
    DYNAMIC_SECTION(c.mode) {
        SmtpReceiver receiver({.mode = c.mode,
                               .tls = "starttls",
                               .user = "nudged@example.com",
                               .password = c.right_password});
        MailBench bench(secure_options(receiver, "starttls"));
        const auto sent = bench.send(payload_for(bench));
        CAPTURE(sent.reason);
        CHECK(to_string(sent.outcome) == c.outcome);
        CHECK(sent.reason.find(c.in_reason) != std::string::npos);
        CHECK(sent.reason.find("p4ss") == std::string::npos);
        CHECK(receiver.events("mail").empty());
    }
}

TEST_CASE("nobody who has got a mail gets it again because another address was greylisted") {
    SmtpReceiver receiver;
    MailBench bench(tests::smtp_options(
        receiver.port(), {"ana@example.com", "grey@example.com", "ben@example.com"}));
    const auto first = bench.send(payload_for(bench));
    CHECK(to_string(first.outcome) == "transient");
    CHECK(first.retry_after == 5min);
    REQUIRE(first.left);
    const auto second = bench.send(*first.left);
    CHECK(to_string(second.outcome) == "accepted");
    CHECK(recipients(receiver, "mail") ==
          std::vector<std::string>{"ana@example.com", "ben@example.com", "grey@example.com"});
}

TEST_CASE("one address that takes no mail holds up nobody, and is asked once") {
    std::vector<std::string> to;
    for (int i = 0; i < 19; ++i) to.push_back("rep" + std::to_string(i) + "@example.com");
    to.insert(to.begin() + 7, "nobody@example.com");
    SmtpReceiver receiver;
    MailBench bench(tests::smtp_options(receiver.port(), to));
    for (const auto* key : {"key-1", "key-2"}) {
        const auto sent = bench.send(payload_for(bench), key);
        CHECK(to_string(sent.outcome) == "accepted");
        CHECK(sent.reason.find("1 of 20 addresses refused") != std::string::npos);
    }
    CHECK(receiver.events("mail").size() == 38);
    const auto asked = recipients(receiver, "recipient");
    CHECK(std::count(asked.begin(), asked.end(), "nobody@example.com") == 1);
}

TEST_CASE("a channel whose only address takes no mail is broken until a person acts") {
    SmtpReceiver receiver;
    MailBench bench(tests::smtp_options(receiver.port(), {"nobody@example.com"}));
    const auto payload = payload_for(bench);
    for (int i = 0; i < 2; ++i)
        CHECK(to_string(bench.send(payload).outcome) == "refused_destination");
    CHECK(receiver.events("recipient").size() == 1);
}

TEST_CASE("a full mailbox is tried again later than a greylisted one") {
    SmtpReceiver receiver;
    MailBench bench(tests::smtp_options(receiver.port(), {"full@example.com"}));
    const auto sent = bench.send(payload_for(bench));
    CHECK(to_string(sent.outcome) == "transient");
    CHECK(sent.retry_after == 60min);
    CHECK_FALSE(sent.left);
}

TEST_CASE("a mail that may have arrived is sent again with the same id, and says so") {
    SmtpReceiver lossy({.mode = "drop_end"});
    MailBench before(tests::smtp_options(lossy.port(), {"dana@example.com"}));
    const auto lost = before.send(payload_for(before));
    REQUIRE(to_string(lost.outcome) == "ambiguous");
    REQUIRE(lost.left);
    SmtpReceiver receiver;
    MailBench after(tests::smtp_options(receiver.port(), {"dana@example.com"}));
    CHECK(to_string(after.send(*lost.left).outcome) == "accepted");
    const auto first = tests::parse_mail(lossy.events("mail").at(0).content);
    const auto second = tests::parse_mail(receiver.events("mail").at(0).content);
    CHECK(first.header("Message-ID") == second.header("Message-ID"));
    CHECK(first.text.find("possible repeat") == std::string::npos);
    CHECK(second.text.find("possible repeat") != std::string::npos);
}

TEST_CASE("a server that nobody listens on has certainly not got the mail") {
    boost::asio::io_context loop;
    boost::asio::ip::tcp::acceptor held(loop, {boost::asio::ip::address_v4::loopback(), 0});
    const auto port = held.local_endpoint().port();
    held.close();
    MailBench bench(tests::smtp_options(port, {"dana@example.com"}));
    CHECK(to_string(bench.send(payload_for(bench)).outcome) == "transient");
}

TEST_CASE("a stop ends a mail that a server is silent about, and nobody knows what came of it") {
    SmtpReceiver receiver({.mode = "silent_end"});
    MailBench bench(tests::smtp_options(receiver.port(), {"dana@example.com"}));
    const auto payload = payload_for(bench);
    const std::string key = "key-1";
    boost::asio::cancellation_signal stop;
    std::optional<channels::SendOutcome> sent;
    const auto done = [&](std::exception_ptr, channels::SendOutcome outcome) {
        sent = std::move(outcome);
    };
    // As delivery does: what came of it is still written down.
    const auto task = [&]() -> boost::asio::awaitable<channels::SendOutcome> {
        co_await boost::asio::this_coro::throw_if_cancelled(false);
        co_return co_await bench.channel().send(payload, key);
    };
    boost::asio::co_spawn(bench.loop(), task,
                          boost::asio::bind_cancellation_slot(stop.slot(), done));
    const auto give_up = std::chrono::steady_clock::now() + tests::patience;
    while (receiver.events("mail").empty() && std::chrono::steady_clock::now() < give_up)
        bench.loop().run_for(10ms);
    REQUIRE_FALSE(receiver.events("mail").empty());
    stop.emit(boost::asio::cancellation_type::terminal);
    const auto stopped = std::chrono::steady_clock::now();
    while (!sent && std::chrono::steady_clock::now() < give_up) bench.loop().run_for(10ms);
    REQUIRE(sent);
    CHECK(to_string(sent->outcome) == "ambiguous");
    CHECK(std::chrono::steady_clock::now() - stopped < 20s);  // a mail has 60
}

TEST_CASE("a server that does not answer QUIT keeps nobody waiting") {
    SmtpReceiver receiver({.mode = "silent_quit"});
    const auto started = std::chrono::steady_clock::now();
    {
        MailBench bench(tests::smtp_options(receiver.port(), {"dana@example.com"}));
        CHECK(to_string(bench.send(payload_for(bench)).outcome) == "accepted");
    }
    CHECK(std::chrono::steady_clock::now() - started < 20s);  // a reply has 30
}

TEST_CASE("a token is asked for once, used while it is good, and asked for anew when refused") {
    SmtpReceiver receiver({.tls = "starttls", .user = "nudged@example.com", .password = "token-2"});
    int given = 0;
    tests::HttpServer login([&](const tests::Request& request) {
        CHECK(request.body == "grant_type=client_credentials&client_id=app&client_secret=s3cr3t"
                              "&scope=mail");
        return tests::Reply::json(R"({"access_token":"token-)" + std::to_string(++given) +
                                  R"(","expires_in":3600})");
    });
    auto options = secure_options(receiver, "starttls");
    smtp(options).auth = "xoauth2";
    smtp(options).password = Secret{};
    smtp(options).token = {login.url("/token"), "app", Secret{"s3cr3t"}, "mail"};
    MailBench bench(options);
    for (const auto* key : {"key-1", "key-2"}) {
        const auto sent = bench.send(payload_for(bench), key);
        INFO(sent.reason);
        CHECK(to_string(sent.outcome) == "accepted");
    }
    CHECK(given == 2);
    std::vector<std::string> used;
    for (const auto& event : receiver.events("login")) used.push_back(event.secret);
    CHECK(used == std::vector<std::string>{"token-1", "token-2", "token-2"});
}

TEST_CASE("without a token nothing is said to the mail server") {
    struct Case {
        const char* name;
        tests::Reply reply;
        const char* outcome;
    };
    const auto c = GENERATE(values<Case>({
        {"the secret is over", tests::Reply::json(R"({"error":"invalid_client"})", 401),
         "refused_destination"},
        {"the server is down", tests::Reply::text("", 503), "transient"},
        {"no token in the answer", tests::Reply::json("{}"), "transient"},
        {"a token with a line break", tests::Reply::json(R"({"access_token":"a\r\nb"})"),
         "transient"},
        {"no answer", tests::Reply::nothing(tests::Reply::Ending::close), "transient"},
    }));
    DYNAMIC_SECTION(c.name) {
        SmtpReceiver receiver({.tls = "starttls", .user = "nudged@example.com", .password = "t"});
        tests::HttpServer login([&](const tests::Request&) { return c.reply; });
        auto options = secure_options(receiver, "starttls");
        smtp(options).auth = "xoauth2";
        smtp(options).password = Secret{};
        smtp(options).token = {login.url("/token"), "app", Secret{"s3cr3t"}, ""};
        MailBench bench(options);
        const auto sent = bench.send(payload_for(bench));
        CHECK(to_string(sent.outcome) == c.outcome);
        CHECK(sent.reason.find("s3cr3t") == std::string::npos);
        CHECK(receiver.events("hello").empty());
    }
}

TEST_CASE("a server can be greeted: connected, secured and logged in, without a mail") {
    const SmtpReceiver receiver(
        {.tls = "starttls", .user = "nudged@example.com", .password = password});
    auto options = secure_options(receiver, "starttls");
    const std::atomic<bool> never{false};
    const auto greet = [&] {
        return net::SmtpSession{channels::mail::server_of(smtp(options)), never}.greet();
    };
    CHECK(greet().accepted);
    CHECK(receiver.events("login").size() == 1);
    CHECK(receiver.events("mail").empty());

    smtp(options).password = Secret{"another"};
    const auto refused = greet();
    CHECK_FALSE(refused.accepted);
    CHECK(refused.stage == net::SmtpStage::auth);
    CHECK(refused.status == 535);

    smtp(options).ca_file.clear();  // nobody vouches for its certificate
    CHECK(greet().stage == net::SmtpStage::tls);
}
