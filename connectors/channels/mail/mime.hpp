// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

#include <string>
#include <string_view>

namespace nudged::channels::mail {

/// One mail to one address. Texts are valid UTF-8 with LF line ends.
struct Mail {
    std::string from;
    std::string from_name;  // may be empty
    std::string to;
    std::string reply_to;  // may be empty
    std::string subject;
    std::string text;
    std::string html;         // empty: text alone
    std::string id;           // of the Message-ID: "left@domain", the same on every try
    std::string thread;       // of References, in the same form; empty: none
    std::string list{};       // of the List-Id: a domain of ours; empty: none
    std::string unsubscribe;  // mailto: or https:; empty: none
    std::string reference;    // of X-Nudged-Ref; "" or ASCII
    Instant date{};
};

/// The mail as SMTP's DATA takes it before dot-stuffing (RFC 5322, RFC 2045): CRLF line ends, ASCII
/// only, lines of at most 76 characters but for long addresses, none of a body that begins with a
/// dot or "From ". The text comes first and the HTML last, as the last part is the preferred one
/// (RFC 2046 §5.1.4). Pure. Throws Failure(refused) for a header that may not be.
std::string compose(const Mail& mail);

/// Quoted-printable (RFC 2045 §6.7) with CRLF line ends, lines of at most 76 characters.
std::string quoted_printable(std::string_view text);

}  // namespace nudged::channels::mail
