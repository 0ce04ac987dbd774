// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

#include <string>
#include <string_view>

namespace nudged::channels::mail {

/// "Name: body" with its CRLF. `body` is structured text that we made: ASCII, folded already where
/// it needs to be. Throws Failure(refused) for a control character or anything that is not ASCII,
/// since a line break in a header is a mistake of the caller and never to be mended.
std::string header(std::string_view name, std::string_view body);

/// An unstructured header: plain where it is short, printable ASCII that nobody could take for an
/// encoded word; else encoded words (RFC 2047), each of whole code points, in lines of at most 76
/// characters. `text` must be valid UTF-8 without control characters, else as above.
std::string text_header(std::string_view name, std::string_view text);

/// From, To, Reply-To: an address with a name that may be empty.
std::string address_header(std::string_view name, std::string_view display,
                           std::string_view address);

/// "Fri, 20 Nov 2026 08:15:00 +0000" (RFC 5322 §3.3).
std::string mail_date(Instant instant);

}  // namespace nudged::channels::mail
