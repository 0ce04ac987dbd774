// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/mail/round.hpp"
#include "connectors/net/http.hpp"

namespace nudged::channels::mail {

/// What an answer of Microsoft Graph's sendMail means: the code of the error in the body where it
/// is a known one, then the status. The reason quotes nothing but such a code. Pure.
Verdict classify(const net::HttpResponse& response, Instant now);

/// What it means that no answer came (delivery reference §1.4).
Verdict classify(const net::TransferFailure& failure);

}  // namespace nudged::channels::mail
