// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/receivers.hpp"

#include "tests/smtp_receiver/parsed_mail.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace nudged::soak {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view webhook_key = "0123456789abcdefghijklmn";

std::string base64(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int length = ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                         reinterpret_cast<const unsigned char*>(bytes.data()),
                                         static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

/// Standard Webhooks 1.0.0.
std::string signature_of(const tests::Request& request) {
    const auto text = fmt::format("{}.{}.{}", request.header("webhook-id"),
                                  request.header("webhook-timestamp"), request.body);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    ::HMAC(::EVP_sha256(), webhook_key.data(), static_cast<int>(webhook_key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &length);
    return "v1," + base64({reinterpret_cast<const char*>(digest), length});
}

}  // namespace

Receivers::Receivers(const Clock& clock)
    : clock_(clock),
      checks_of_slack_({}, clock),
      webhook_([this](const tests::Request& request) { return take_webhook(request); }),
      teams_([this](const tests::Request& request) { return take_teams(request); }),
      slack_(0, [this](const loopback::Request& request) { return take_slack(request); }) {}

std::string Receivers::webhook_secret() {
    return "whsec_" + base64(webhook_key);
}

void Receivers::go_down(std::size_t which) {
    is_down_[which] = true;
    if (which == mail) mail_.go_down();
}

void Receivers::come_back(std::size_t which) {
    is_down_[which] = false;
    if (which == mail) mail_.come_back();
}

void Receivers::object(std::string what) {
    const std::lock_guard lock(mutex_);
    objections_.push_back(std::move(what));
}

loopback::Reply Receivers::take_slack(const loopback::Request& request) {
    if (is_down_[slack]) return {.status = 503, .content_type = "text/html", .body = "down"};
    auto reply = checks_of_slack_.answer(request);
    if (reply.status == 200)
        arrivals_.add(recognise(slack, clock_(), request.body));
    else
        object(fmt::format("slack answers {}: {}", reply.status, reply.body));
    return reply;
}

tests::Reply Receivers::take_webhook(const tests::Request& request) {
    if (is_down_[webhook]) return tests::Reply::text("down", 503);
    const auto now = clock_();
    if (request.header("webhook-signature") != signature_of(request))
        object("a message to the webhook has another signature");
    const auto stamp = std::strtoll(request.header("webhook-timestamp").c_str(), nullptr, 10);
    if (std::chrono::abs(now - Instant{std::chrono::seconds{stamp}}) > 1min)
        object("a message to the webhook has another time: " + request.header("webhook-timestamp"));
    arrivals_.add(recognise(webhook, now, request.body));
    return tests::Reply::text("", 204);
}

tests::Reply Receivers::take_teams(const tests::Request& request) {
    if (is_down_[teams_flow]) return tests::Reply::text("down", 503);
    arrivals_.add(recognise(teams_flow, clock_(), request.body));
    return tests::Reply::text("", 202);
}

void Receivers::look_into_mail() {
    const auto size = mail_.log_size();
    if (size == mail_log_) return;
    mail_log_ = size;
    const auto events = mail_.events("mail");
    for (auto i = mails_.size(); i < events.size(); ++i)
        mails_.push_back({clock_(), events[i].content});
}

std::vector<Arrival> Receivers::arrivals() const {
    auto all = arrivals_.all();
    std::vector<std::string> contents;
    for (const auto& one : mails_) contents.push_back(one.content);
    if (contents.empty()) return all;
    const auto parsed = tests::parse_mails(contents);
    for (std::size_t i = 0; i < parsed.size(); ++i)
        all.push_back(recognise(mail, mails_[i].at, parsed[i].heading + "\n" + parsed[i].text));
    return all;
}

std::vector<std::string> Receivers::objections() const {
    const std::lock_guard lock(mutex_);
    return objections_;
}

}  // namespace nudged::soak
