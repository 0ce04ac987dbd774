// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "tests/connectors/channels/mail_bench.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace nudged;
using channels::ChannelOptions;
using channels::GraphOptions;
using channels::SmtpOptions;

namespace {

ChannelOptions smtp(const std::function<void(SmtpOptions&)>& change) {
    auto options = tests::smtp_options(587, {"dana@example.com"});
    auto& smtp = std::get<SmtpOptions>(options.kind_options);
    smtp.host = "smtp.example.com";
    smtp.security = "starttls";
    smtp.user = "nudged";
    smtp.password = Secret{"s3cr3t"};
    change(smtp);
    return options;
}

ChannelOptions graph(const std::function<void(GraphOptions&)>& change) {
    ChannelOptions options;
    options.name = "managers";
    options.kind = "graph";
    GraphOptions graph;
    graph.tenant = "contoso.onmicrosoft.com";
    graph.client_id = "11111111-2222";
    graph.client_secret = Secret{"s3cr3t"};
    graph.mail.from = "nudged@contoso.com";
    change(graph);
    options.kind_options = graph;
    return options;
}

void oauth(SmtpOptions& smtp) {
    smtp.auth = "xoauth2";
    smtp.password = Secret{};
    smtp.token.token_url = "https://login.example.com/token";
    smtp.token.client_id = "1";
    smtp.token.client_secret = Secret{"s3cr3t"};
}

}  // namespace

TEST_CASE("mail options that cannot work are told with a remedy, and never with the secret") {
    struct Case {
        const char* name;
        ChannelOptions options;
        bool good;
    };
    using S = SmtpOptions;
    using G = GraphOptions;
    const auto c = GENERATE(values<Case>({
        {"a submission server", smtp([](S&) {}), true},
        {"nobody logs in", smtp([](S& o) { o.user.clear(), o.password = Secret{}; }), true},
        {"to the person a message is for", smtp([](S& o) { o.mail.to.clear(); }), true},
        {"a token", smtp(oauth), true},
        {"an address without TLS on this machine",
         smtp([](S& o) { o.host = "::1", o.security = "none", o.user.clear(), o.password = {}; }),
         true},
        {"mail in the clear",
         smtp([](S& o) { o.security = "none", o.user.clear(), o.password = Secret{}; }), false},
        {"a login in the clear", smtp([](S& o) { o.security = "none", o.host = "127.0.0.1"; }),
         false},
        {"a host with a port", smtp([](S& o) { o.host = "smtp.example.com:587"; }), false},
        {"a host with a path", smtp([](S& o) { o.host = "smtp.example.com/x"; }), false},
        {"a host with a login", smtp([](S& o) { o.host = "x@smtp.example.com"; }), false},
        {"no host", smtp([](S& o) { o.host = ""; }), false},
        {"no port", smtp([](S& o) { o.port = 0; }), false},
        {"an unknown security", smtp([](S& o) { o.security = "try"; }), false},
        {"an unknown login", smtp([](S& o) { o.auth = "cram"; }), false},
        {"a user of two lines", smtp([](S& o) { o.user = "a\r\nb"; }), false},
        {"a password for nobody", smtp([](S& o) { o.user = ""; }), false},
        {"an EHLO name with a space", smtp([](S& o) { o.hello = "a b"; }), false},
        {"certificates at a relative path", smtp([](S& o) { o.ca_file = "ca.pem"; }), false},
        {"no sender", smtp([](S& o) { o.mail.from = ""; }), false},
        {"a sender with a name in it", smtp([](S& o) { o.mail.from = "N <n@example.com>"; }),
         false},
        {"a sender's name of two lines", smtp([](S& o) { o.mail.from_name = "a\nb"; }), false},
        {"a recipient that is none", smtp([](S& o) { o.mail.to = {"dana"}; }), false},
        {"a recipient that needs SMTPUTF8", smtp([](S& o) { o.mail.to = {"dána@example.com"}; }),
         false},
        {"21 recipients", smtp([](S& o) { o.mail.to.assign(21, "dana@example.com"); }), false},
        {"answers to nowhere", smtp([](S& o) { o.mail.reply_to = "x"; }), false},
        {"unsubscribing by mail", smtp([](S& o) { o.mail.unsubscribe = "mailto:x@example.com"; }),
         true},
        {"unsubscribing without TLS",
         smtp([](S& o) { o.mail.unsubscribe = "http://example.com/off"; }), false},
        {"unsubscribing on two lines",
         smtp([](S& o) { o.mail.unsubscribe = "https://example.com/\r\nBcc: x"; }), false},
        {"a token without a server", smtp([](S& o) { oauth(o), o.token.token_url = ""; }), false},
        {"a token in the clear",
         smtp([](S& o) { oauth(o), o.token.token_url = "http://login.example.com/"; }), false},
        {"a token for nobody", smtp([](S& o) { oauth(o), o.token.client_id = ""; }), false},
        {"Microsoft Graph", graph([](G&) {}), true},
        {"Graph on this machine",
         graph([](G& o) { o.login_url = "http://127.0.0.1:9", o.api_url = "http://127.0.0.1:9"; }),
         true},
        {"no tenant", graph([](G& o) { o.tenant = ""; }), false},
        {"a tenant with a path", graph([](G& o) { o.tenant = "a/../b"; }), false},
        {"no client id", graph([](G& o) { o.client_id = ""; }), false},
        {"tokens from elsewhere", graph([](G& o) { o.login_url = "https://login.example.com"; }),
         false},
        {"tokens from a host that only looks like it",
         graph([](G& o) { o.login_url = "https://login.microsoftonline.com.example.com"; }), false},
        {"tokens in the clear",
         graph([](G& o) { o.login_url = "http://login.microsoftonline.com"; }), false},
        {"Graph elsewhere", graph([](G& o) { o.api_url = "https://graph.example.com"; }), false},
        {"a sender that is none", graph([](G& o) { o.mail.from = "nudged"; }), false},
    }));
    DYNAMIC_SECTION(c.name) {
        const auto* kind = channels::find_kind(c.options.kind);
        REQUIRE(kind != nullptr);
        Diagnostics problems;
        kind->check(c.options, problems);
        CHECK(problems.has_errors() != c.good);
        for (const auto& problem : problems.items()) {
            CHECK(problem.what.find("managers") != std::string::npos);
            CHECK_FALSE(problem.remedy.empty());
            CHECK(problem.str().find("s3cr3t") == std::string::npos);
        }
        boost::asio::io_context loop;
        net::HttpClient http(loop.get_executor());
        if (c.good)
            CHECK(kind->make(c.options, http) != nullptr);
        else
            CHECK_THROWS_AS(kind->make(c.options, http), Failure);
    }
}

TEST_CASE("what works, but perhaps not as meant or not for long, is warned of") {
    struct Case {
        const char* name;
        ChannelOptions options;
        bool warned;
    };
    const auto c = GENERATE(values<Case>({
        {"a submission server", smtp([](SmtpOptions&) {}), false},
        {"a password for Microsoft 365",
         smtp([](SmtpOptions& o) { o.host = "smtp.office365.com"; }), true},
        {"a token for Microsoft 365", smtp([](SmtpOptions& o) {
             oauth(o);
             o.host = "smtp.office365.com";
         }),
         false},
        {"TLS on the port of STARTTLS", smtp([](SmtpOptions& o) { o.security = "tls"; }), true},
        {"STARTTLS on the port of TLS", smtp([](SmtpOptions& o) { o.port = 465; }), true},
    }));
    DYNAMIC_SECTION(c.name) {
        Diagnostics problems;
        channels::find_kind("smtp")->check(c.options, problems);
        CHECK_FALSE(problems.has_errors());
        CHECK(problems.items().empty() != c.warned);
    }
}

TEST_CASE("a mail channel whose secret has not been read is not judged, but sends nothing") {
    const auto options = GENERATE(values<ChannelOptions>(
        {smtp([](SmtpOptions& o) { o.password = Secret{}; }), smtp([](auto& o) {
             oauth(o);
             o.token.client_secret = Secret{};
         }),
         graph([](GraphOptions& o) { o.client_secret = Secret{}; })}));
    const auto* kind = channels::find_kind(options.kind);
    Diagnostics problems;
    kind->check(options, problems);
    CHECK_FALSE(problems.has_errors());
    boost::asio::io_context loop;
    net::HttpClient http(loop.get_executor());
    CHECK_THROWS_AS(kind->make(options, http), Failure);
}
