// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/secret.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

namespace nudged::net {

enum class SmtpSecurity {
    starttls,  // in the clear up to STARTTLS, which must succeed
    tls,       // TLS from the first byte (RFC 8314)
    none,      // loopback only
};

enum class SmtpAuth { none, plain, login, xoauth2 };

/// A server that takes mail, and how to be known to it.
struct SmtpServer {
    std::string host;  // a name or an address, without brackets
    int port = 587;
    SmtpSecurity security = SmtpSecurity::starttls;
    std::string hello;  // the name that EHLO gives
    SmtpAuth auth = SmtpAuth::none;
    std::string user;
    Secret secret;        // the password, or the access token of xoauth2
    std::string ca_file;  // beside the system's; empty: the system's alone
    std::chrono::milliseconds connect_timeout{20'000};
    std::chrono::milliseconds reply_timeout{30'000};  // of one reply
    std::chrono::milliseconds timeout{60'000};        // of one mail
};

/// How far a mail came: the last thing that was said to the server.
enum class SmtpStage {
    connect,
    greeting,
    hello,
    tls,
    auth,
    sender,     // MAIL FROM
    recipient,  // RCPT TO
    data,       // DATA
    body,       // some of the mail, its end not yet
    end,        // the final dot: from here on the server may have the mail
};

/// What came of one mail. `status` is the reply to what was said last, and 0 when none came.
struct SmtpReply {
    bool accepted = false;  // 250 after the final dot
    SmtpStage stage = SmtpStage::connect;
    int status = 0;
    std::string enhanced;  // "5.1.1" (RFC 3463); "" when the server gave none
    int curl_code = 0;
    bool stopped = false;  // by the flag, not by the server
};

/// One connection to a server, for the mails of one drain: it is opened by the first and kept for
/// those that follow. Blocks, so it lives on a thread of its own: libcurl waits for the reply to
/// QUIT on the thread that ends a connection, which must not be the loop's. TLS is verified always.
class SmtpSession {
public:
    /// Once `stop` is true, what runs ends within a second. It must outlive this.
    SmtpSession(SmtpServer server, const std::atomic<bool>& stop);
    ~SmtpSession();
    SmtpSession(const SmtpSession&) = delete;
    SmtpSession& operator=(const SmtpSession&) = delete;

    /// One transaction. The addresses are ASCII without brackets, and have been checked; `mail` has
    /// CRLF line ends. Throws Failure(needs_person) for what libcurl cannot even begin with.
    SmtpReply deliver(const std::string& from, const std::string& to, const std::string& mail);
    /// Everything up to the first mail: connects, secures the connection, logs in. `accepted` when
    /// the server would take mail now.
    SmtpReply greet();

private:
    class Wire;
    std::unique_ptr<Wire> wire_;
};

}  // namespace nudged::net
