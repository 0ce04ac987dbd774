// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/round.hpp"

#include "connectors/base/text.hpp"
#include "connectors/channels/mail/address.hpp"
#include "connectors/channels/mail/mime.hpp"
#include "connectors/channels/options.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::channels::mail {
namespace {

bool is_done(const SendOutcome& outcome) {
    return outcome.outcome == Outcome::accepted || outcome.outcome == Outcome::refused_destination;
}

bool is_visible_ascii(std::string_view text) {
    return !text.empty() && text.size() <= 200 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

Round::Round(Payload payload, bool is_fixed) : payload_(std::move(payload)), is_fixed_(is_fixed) {
    if (!payload_.to.empty()) return;
    SendOutcome nobody;
    nobody.outcome = Outcome::refused_payload;
    nobody.reason = "there is nobody to send it to: neither the channel nor the message has an "
                    "address";
    end(std::move(nobody));
}

const Recipient* Round::next() const {
    if (end_ || came_.size() == payload_.to.size()) return nullptr;
    return &payload_.to[came_.size()];
}

void Round::add(Verdict verdict) {
    if (verdict.concerns_all && verdict.outcome.outcome != Outcome::accepted)
        end(std::move(verdict.outcome));
    else
        came_.push_back(std::move(verdict.outcome));
}

void Round::end(SendOutcome outcome) {
    end_ = std::move(outcome);
}

std::vector<Round::Refusal> Round::refusals() const {
    std::vector<Refusal> refusals;
    bool any_arrived = false;
    for (std::size_t i = 0; i < came_.size(); ++i) {
        if (came_[i].outcome == Outcome::refused_destination)
            refusals.push_back({i + 1, came_[i].reason});
        else
            any_arrived = true;
    }
    if (!any_arrived) refusals.clear();
    return refusals;
}

SendOutcome Round::conclude() const {
    const bool is_ambiguous = end_ && end_->outcome == Outcome::ambiguous;
    std::vector<Recipient> left;
    const SendOutcome* waiting = nullptr;
    const SendOutcome* refused = nullptr;
    std::size_t accepted = 0;
    bool others_left = false;
    for (std::size_t i = 0; i < payload_.to.size(); ++i) {
        const auto* came = i < came_.size() ? &came_[i] : nullptr;
        if (came && came->outcome == Outcome::accepted) ++accepted;
        if (came && came->outcome == Outcome::refused_destination) refused = came;
        if (came && is_done(*came)) continue;
        if (came && (!waiting || came->retry_after > waiting->retry_after)) waiting = came;
        auto recipient = payload_.to[i];
        const bool is_unsure = is_ambiguous && i == came_.size();
        // Twice without a verdict: a third mail would be one too many.
        if (is_unsure && recipient.may_have_it && payload_.to.size() > 1) continue;
        others_left = others_left || !is_unsure;
        recipient.may_have_it = recipient.may_have_it || is_unsure;
        left.push_back(std::move(recipient));
    }
    SendOutcome result;
    if (end_)
        result = *end_;
    else if (waiting)
        result = *waiting;
    else if (accepted == 0 && refused)
        result = *refused;
    else
        result.outcome = Outcome::accepted;
    // Without a verdict on one, the others must not wait for what becomes of it.
    if (is_ambiguous && others_left) result.outcome = Outcome::transient;
    if (is_ambiguous && left.empty()) {
        result.outcome = Outcome::accepted;
        result.reason = "one address may not have got it: " + result.reason;
    }
    if (result.outcome == Outcome::accepted) {
        if (refused)
            result.reason = fmt::format("{} of {} addresses refused: {}",
                                        payload_.to.size() - accepted, size(), refused->reason);
        return result;
    }
    // Nobody takes mail: of a channel's own addresses a person has to put one right.
    if (!end_ && !waiting && !is_fixed_) result.outcome = Outcome::refused_payload;
    if (is_ambiguous || (!left.empty() && left.size() < payload_.to.size())) {
        auto rest = payload_;
        rest.to = std::move(left);
        result.left = rest.to_json();
    }
    return result;
}

std::string message_id(const std::string& key, const std::string& address,
                       const std::string& domain) {
    return fmt::format("{}.{}@{}", fingerprint(key), fingerprint(address).substr(0, 8), domain);
}

std::string thread_id(const std::string& series, const std::string& domain) {
    return fmt::format("{}@{}", fingerprint("thread " + series), domain);
}

std::string compose_for(const Payload& payload, const Recipient& recipient,
                        const MailOptions& options, const std::string& key, Instant now) {
    const auto domain = domain_of(options.from);
    Mail mail;
    mail.from = options.from;
    mail.from_name = options.from_name;
    mail.to = recipient.address;
    mail.reply_to = options.reply_to;
    mail.subject = payload.subject;
    mail.text = payload.text;
    mail.html = payload.html;
    if (recipient.may_have_it) {
        mail.text = repeated_text(payload.text);
        if (!payload.html.empty()) mail.html = repeated_html(payload.html);
    }
    mail.id = message_id(key, recipient.address, domain);
    if (!payload.series.empty()) mail.thread = thread_id(payload.series, domain);
    if (!payload.list.empty()) mail.list = fmt::format("{}.nudged.{}", payload.list, domain);
    mail.unsubscribe = options.unsubscribe;
    if (is_visible_ascii(payload.reference)) mail.reference = payload.reference;
    mail.date = now;
    return compose(mail);
}

}  // namespace nudged::channels::mail
