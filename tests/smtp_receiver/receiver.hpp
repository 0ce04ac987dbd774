// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/process.hpp"

#include <memory>
#include <string>
#include <vector>

namespace nudged::tests {

/// What receiver.py, a mail server of Python's, has seen.
struct SmtpEvent {
    std::string event;  // hello, login, recipient, mail, quit
    std::string name;   // of the machine that said EHLO
    std::string mechanism, user, secret;
    std::string address;
    std::vector<std::string> to;
    std::string sender;
    std::string content;  // the mail as it came, without dot-stuffing
    bool tls = false;
    bool login = false;
};

struct SmtpMode {
    std::string mode = "ok";  // see receiver.py
    std::string tls = "none";
    std::string user{}, password{};
};

/// A real mail server on 127.0.0.1 and a free port, until this goes.
class SmtpReceiver {
public:
    explicit SmtpReceiver(const SmtpMode& mode = {});

    int port() const { return port_; }
    std::vector<SmtpEvent> events() const;
    /// Those of one kind.
    std::vector<SmtpEvent> events(const std::string& kind) const;
    /// Grows with each event.
    std::uintmax_t log_size() const;
    pid_t pid() const { return process_->pid(); }
    /// From then on each mail is refused for a while, until it comes back.
    void go_down() const { folder_.write("down", ""); }
    void come_back() const { std::filesystem::remove(folder_.file("down")); }
    /// The certificate that it shows over TLS, for "localhost" and 127.0.0.1; its own authority.
    static std::string certificate();

private:
    TempFolder folder_;
    std::unique_ptr<Process> process_;
    int port_ = 0;
};

}  // namespace nudged::tests
