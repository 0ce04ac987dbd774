// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/channels/mail/render.hpp"
#include "connectors/channels/options.hpp"

#include <string>
#include <utility>

namespace nudged::channels::mail {

/// What every way of sending mail has in common: the payload, and twenty messages a minute
/// (delivery reference §4.8).
class MailChannel : public Channel {
public:
    std::string render(const model::Message& message) const override {
        return mail::render(message, mail_.to);
    }
    std::optional<std::string> simplify(const std::string& payload) const override {
        return mail::simplify(payload);
    }
    std::optional<std::string> repeat(const std::string& payload) const override {
        return mail::repeat(payload);
    }
    Pace pace() const override { return {5, std::chrono::seconds{15}}; }

protected:
    explicit MailChannel(MailOptions options) : mail_(std::move(options)) {}
    const MailOptions& mail_options() const { return mail_; }

private:
    MailOptions mail_;
};

}  // namespace nudged::channels::mail
