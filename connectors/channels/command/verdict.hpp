// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"

#include <string>
#include <string_view>

namespace nudged::channels::command {

/// What an exit status says, 128 + N for the signal N: 0 delivered; the statuses of sysexits.h what
/// they mean there; any other one "it failed, and may pass". A signal tells nothing of how far the
/// program had got.
Outcome outcome_of(int status);

/// The first line of what a program wrote to its standard error, for logs and `nudged outbox`:
/// without the values of the message that it was given, quoted texts, URLs' paths, addresses and
/// what looks like a credential. At most 200 characters.
std::string redact(std::string_view line, const std::string& payload);

}  // namespace nudged::channels::command
