// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/slack_receiver/receiver.hpp"
#include "tests/smtp_receiver/receiver.hpp"
#include "tests/soak/arrivals.hpp"
#include "tests/support/http_server.hpp"

#include <atomic>
#include <string>
#include <vector>

namespace nudged::soak {

/// The far ends of the four channels, by the test's clock. Each can be down.
class Receivers {
public:
    static constexpr std::size_t slack = 0, webhook = 1, teams_flow = 2, mail = 3;  // teams()

    explicit Receivers(const Clock& clock);

    std::string slack_url() const { return slack_.url() + "/services/T0/B0/secret-of-the-hook"; }
    std::string webhook_url() const { return webhook_.url("/hook"); }
    std::string teams_url() const { return teams_.url("/flow"); }
    const tests::SmtpReceiver& mail_server() const { return mail_; }
    /// What signs messages to the webhook.
    static std::string webhook_secret();

    void go_down(std::size_t which);
    void come_back(std::size_t which);

    /// Notes which mails have come since the last time.
    void look_into_mail();
    /// All that has come, the mails read.
    std::vector<Arrival> arrivals() const;
    /// What was wrong with what has come.
    std::vector<std::string> objections() const;

private:
    struct Mail {
        Instant at;
        std::string content;
    };

    loopback::Reply take_slack(const loopback::Request& request);
    tests::Reply take_webhook(const tests::Request& request);
    tests::Reply take_teams(const tests::Request& request);
    void object(std::string what);

    Clock clock_;
    std::atomic<bool> is_down_[4] = {};
    Arrivals arrivals_;
    mutable std::mutex mutex_;
    std::vector<std::string> objections_;
    std::vector<Mail> mails_;
    std::uintmax_t mail_log_ = 0;  // bytes of it that are read
    slack_receiver::Receiver checks_of_slack_;
    tests::SmtpReceiver mail_;
    tests::HttpServer webhook_;
    tests::HttpServer teams_;
    loopback::Server slack_;
};

}  // namespace nudged::soak
