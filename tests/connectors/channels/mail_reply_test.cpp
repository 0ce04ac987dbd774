// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/smtp_reply.hpp"

#include <catch2/catch.hpp>
#include <curl/curl.h>

using namespace nudged;
using namespace nudged::channels::mail;
using namespace std::chrono_literals;
using channels::Outcome;
using net::SmtpReply;
using net::SmtpStage;

namespace {

SmtpReply said(SmtpStage stage, int status, std::string enhanced = "",
               CURLcode code = CURLE_SEND_ERROR) {
    return {false, stage, status, std::move(enhanced), code, false};
}

SmtpReply broke(SmtpStage stage, CURLcode code) {
    return {false, stage, 0, "", code, false};
}

}  // namespace

TEST_CASE("a mail server's replies lead to what the delivery reference says") {
    struct Case {
        const char* name;
        SmtpReply reply;
        Outcome outcome;
        bool concerns_all = true;
        std::optional<std::chrono::milliseconds> wait{};
    };
    // Delivery reference §4.8, row by row, then what §1.4 says of lost connections.
    const auto c = GENERATE(values<Case>({
        {"taken", {true, SmtpStage::end, 250, "2.0.0", 0, false}, Outcome::accepted},
        {"greeting 421", said(SmtpStage::greeting, 421, "4.3.2", CURLE_WEIRD_SERVER_REPLY),
         Outcome::transient, true, 60s},
        {"greeting 554", said(SmtpStage::greeting, 554, "", CURLE_WEIRD_SERVER_REPLY),
         Outcome::refused_destination},
        {"no STARTTLS", said(SmtpStage::hello, 250, "", CURLE_USE_SSL_FAILED),
         Outcome::refused_destination},
        {"EHLO refused", said(SmtpStage::hello, 550, "", CURLE_REMOTE_ACCESS_DENIED),
         Outcome::refused_destination},
        {"login refused", said(SmtpStage::auth, 535, "5.7.8", CURLE_LOGIN_DENIED),
         Outcome::refused_destination},
        {"login put off", said(SmtpStage::auth, 454, "4.7.0", CURLE_LOGIN_DENIED),
         Outcome::transient, true, 60s},
        {"no way to log in", said(SmtpStage::hello, 250, "", CURLE_LOGIN_DENIED),
         Outcome::refused_destination},
        {"sender put off", said(SmtpStage::sender, 451, "4.3.0"), Outcome::transient, true, 60s},
        {"sender not allowed", said(SmtpStage::sender, 550, "5.7.60"),
         Outcome::refused_destination},
        {"login wanted", said(SmtpStage::sender, 530, "5.7.0"), Outcome::refused_destination},
        {"too large by SIZE", said(SmtpStage::sender, 552, "5.3.4"), Outcome::refused_payload},
        {"too large by SIZE, without an enhanced status", said(SmtpStage::sender, 552),
         Outcome::refused_payload},
        {"greylisted", said(SmtpStage::recipient, 450, "4.2.0"), Outcome::transient, false, 5min},
        {"greylisted by policy", said(SmtpStage::recipient, 451, "4.7.1"), Outcome::transient,
         false, 5min},
        {"mailbox full for now", said(SmtpStage::recipient, 452, "4.2.2"), Outcome::transient,
         false, 60min},
        {"mailbox full", said(SmtpStage::recipient, 552, "5.2.2"), Outcome::transient, false,
         60min},
        {"closing at RCPT", said(SmtpStage::recipient, 421, "4.7.0"), Outcome::transient, true,
         5min},
        {"no such mailbox", said(SmtpStage::recipient, 550, "5.1.1"), Outcome::refused_destination,
         false},
        {"no such mailbox, without an enhanced status", said(SmtpStage::recipient, 550),
         Outcome::refused_destination, false},
        {"moved", said(SmtpStage::recipient, 551), Outcome::refused_destination, false},
        {"no such syntax", said(SmtpStage::recipient, 553), Outcome::refused_destination, false},
        {"too large for the mailbox", said(SmtpStage::recipient, 552, "5.2.3"),
         Outcome::refused_payload},
        {"DATA put off", said(SmtpStage::data, 451), Outcome::transient, true, 5min},
        {"DATA refused", said(SmtpStage::data, 554), Outcome::refused_payload},
        {"put off after the dot", said(SmtpStage::end, 451, "4.7.1", CURLE_WEIRD_SERVER_REPLY),
         Outcome::transient, true, 5min},
        {"spam", said(SmtpStage::end, 554, "5.7.1", CURLE_WEIRD_SERVER_REPLY),
         Outcome::refused_payload},
        {"too large", said(SmtpStage::end, 552, "5.3.4", CURLE_WEIRD_SERVER_REPLY),
         Outcome::refused_payload},
        {"no such mailbox after the dot",
         said(SmtpStage::end, 550, "5.1.1", CURLE_WEIRD_SERVER_REPLY), Outcome::refused_destination,
         false},
        {"no such host", broke(SmtpStage::connect, CURLE_COULDNT_RESOLVE_HOST), Outcome::transient,
         true, 60s},
        {"nobody listens", broke(SmtpStage::connect, CURLE_COULDNT_CONNECT), Outcome::transient,
         true, 60s},
        {"a certificate that is not trusted", broke(SmtpStage::tls, CURLE_PEER_FAILED_VERIFICATION),
         Outcome::refused_destination},
        {"TLS breaks off", broke(SmtpStage::tls, CURLE_SSL_CONNECT_ERROR), Outcome::transient, true,
         60s},
        {"lost at RCPT", broke(SmtpStage::recipient, CURLE_RECV_ERROR), Outcome::transient, true,
         60s},
        {"lost before the mail's end", broke(SmtpStage::body, CURLE_SEND_ERROR), Outcome::transient,
         true, 60s},
        {"lost after the mail's end", broke(SmtpStage::end, CURLE_RECV_ERROR), Outcome::ambiguous},
        {"silence after the mail's end", broke(SmtpStage::end, CURLE_OPERATION_TIMEDOUT),
         Outcome::ambiguous},
        {"closed after the mail's end", broke(SmtpStage::end, CURLE_GOT_NOTHING),
         Outcome::ambiguous},
    }));
    DYNAMIC_SECTION(c.name) {
        const auto verdict = classify(c.reply);
        CHECK(to_string(verdict.outcome.outcome) == to_string(c.outcome));
        CHECK(verdict.outcome.status == c.reply.status);
        CHECK(verdict.outcome.retry_after == c.wait);
        if (c.outcome != Outcome::accepted) CHECK(verdict.concerns_all == c.concerns_all);
        CHECK(verdict.outcome.reason.size() <= 512);
    }
}

TEST_CASE("a reason tells the numbers, where, and what they mean") {
    CHECK(classify(said(SmtpStage::recipient, 550, "5.1.1")).outcome.reason ==
          "550 5.1.1 at RCPT TO: there is no such mailbox");
    CHECK(classify(said(SmtpStage::recipient, 550, "5.1.10")).outcome.reason ==
          "550 5.1.10 at RCPT TO: it does not take this address");
    CHECK(classify(said(SmtpStage::auth, 550, "5.7.30")).outcome.reason.find("graph") !=
          std::string::npos);
    CHECK(classify(said(SmtpStage::greeting, 554)).outcome.reason == "554 at the greeting");
}
