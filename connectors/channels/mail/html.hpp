// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"

#include <string>
#include <string_view>

namespace nudged::channels::mail {

/// A whole HTML document in what mail clients agree on: tables, inline styles, 600 pixels that
/// shrink to a phone's width, and colours for a dark screen. No picture, script or form, and
/// nothing that is fetched. Every value is escaped; the only links are those of the message, to
/// http and https. Holds `repeat_mark` once. Pure.
std::string render_html(const model::Message& message);

/// Where the line stands that says "possible repeat", once there is one to say.
inline constexpr std::string_view repeat_mark = "<!--repeat-->";

/// Text as HTML. What a client would turn into a link of its own (an address, a host) is parted
/// without a visible character, and copied without one.
std::string escape_html(std::string_view text);

/// The URL as it may stand in href="…"; "" when it may not: another scheme, or too long.
std::string escape_url(std::string_view url);

}  // namespace nudged::channels::mail
