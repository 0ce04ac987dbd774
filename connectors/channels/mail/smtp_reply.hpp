// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/mail/round.hpp"
#include "connectors/net/smtp.hpp"

namespace nudged::channels::mail {

/// What a mail server's reply means (delivery reference §4.8): how far the mail came and what was
/// said to that, then the enhanced status. The reason holds numbers and our own words, since a
/// server's may quote addresses or the mail. Pure.
Verdict classify(const net::SmtpReply& reply);

/// The login was refused for a reason that a new token may mend.
bool is_login_refused(const net::SmtpReply& reply);

}  // namespace nudged::channels::mail
