// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nudged::channels::mail {

/// Why a mail address cannot be used, and what to do; "" when it can. Plain ASCII only, as
/// `dot-atom@domain` (RFC 5321 §4.1.2) with at most 64 octets before the @ and 254 in all: nothing
/// that could end a command or a header line passes. Never quotes the address.
std::string problem_of_address(std::string_view address);

/// A name that EHLO may give, or the right side of a Message-ID: labels of letters, digits and
/// hyphens, with at least one dot unless it is "localhost".
bool is_host_name(std::string_view name);

/// Behind the @.
std::string domain_of(std::string_view address);

}  // namespace nudged::channels::mail
