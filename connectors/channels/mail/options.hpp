// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/options.hpp"

#include <string>

namespace nudged::channels::mail {

/// What is wrong with an option, and what to do; both empty when nothing is. Quotes no secret.
struct Problem {
    std::string what;
    std::string remedy;
};

Problem problem_of(const MailOptions& options);
Problem problem_of(const TokenOptions& options);
Problem problem_of(const SmtpOptions& options);
Problem problem_of(const GraphOptions& options);

/// What works, but perhaps not as meant, or not for long.
void warn(const SmtpOptions& options, const ChannelOptions& channel, Diagnostics& problems);

/// Where Microsoft gives tokens for a tenant.
TokenOptions token_of(const GraphOptions& options);

}  // namespace nudged::channels::mail
