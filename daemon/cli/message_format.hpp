// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"
#include "daemon/cli/parser.hpp"

#include <string>

namespace nudged::cli {

/// Adds --format: the form in which a command prints a message.
void add_message_format(Parser command, std::string& format);
/// The message as the channel of that name gets it, or as text.
std::string render_as(const model::Message& message, const std::string& format);

}  // namespace nudged::cli
