// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/base/secret.hpp"

#include <string>
#include <variant>

namespace nudged::channels {

/// Who can read a channel. Items about one person never go to a shared one.
enum class Audience { shared, manager };

struct SlackOptions {
    Secret url;  // an incoming webhook; https, http only for loopback
};

struct FileOptions {
    std::string path;             // messages are appended to it
    std::string format = "text";  // text or json (one line a message)
};

/// One `[channel]`.
struct ChannelOptions {
    std::string name;
    std::string kind;  // "slack", "file": a name in catalog.cpp
    Audience audience = Audience::shared;
    std::variant<std::monostate, SlackOptions, FileOptions> kind_options;
    Place place;
};

}  // namespace nudged::channels
