// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/channels/channel.hpp"
#include "connectors/channels/mail/render.hpp"
#include "connectors/channels/options.hpp"

#include <string>
#include <utility>
#include <vector>

namespace nudged::channels::mail {

/// What came of a mail to one address, and whether the others need not be tried.
struct Verdict {
    SendOutcome outcome;
    bool concerns_all = true;  // the server, the login, the mail itself
};

/// One try to send a mail to each of its addresses, one transaction each, so that the outcome of
/// each is exact and nobody sees who else got it. Sums up to one outcome: what has arrived is never
/// sent again, and an address that is refused does not hold up the others.
class Round {
public:
    /// `is_fixed`: the addresses are the channel's, so that none of them taking mail is a matter of
    /// the channel and not of this message.
    Round(Payload payload, bool is_fixed);

    const Payload& payload() const { return payload_; }
    /// Who is to be tried next; nullptr when the round is over.
    const Recipient* next() const;
    /// Of `next()`.
    void add(Verdict verdict);
    /// Ends the round, and says so of all that are left.
    void end(SendOutcome outcome);

    /// The numbers, from 1, of those addresses that take no mail, with the server's words; only
    /// where others got theirs.
    struct Refusal {
        std::size_t number;
        std::string reason;
    };
    std::vector<Refusal> refusals() const;
    std::size_t size() const { return payload_.to.size(); }
    SendOutcome conclude() const;

private:
    Payload payload_;
    bool is_fixed_;
    std::vector<SendOutcome> came_;  // of the first addresses, in their order
    std::optional<SendOutcome> end_;
};

/// "key.address@domain", the same on every try; and the root of a series' conversation, which is
/// no mail itself, so that no mail of the series has to arrive before the others.
std::string message_id(const std::string& key, const std::string& address,
                       const std::string& domain);
std::string thread_id(const std::string& series, const std::string& domain);

/// The mail to one of a round's addresses. Throws Failure(refused) for what can never be a mail.
std::string compose_for(const Payload& payload, const Recipient& recipient,
                        const MailOptions& options, const std::string& key, Instant now);

}  // namespace nudged::channels::mail
