// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <rapidjson/document.h>
#include <string>

namespace nudged::slack_receiver {

struct RenderOptions {
    std::size_t width = 80;  // columns
    bool color = false;
};

/// A message that passed find_objection(), as its reader sees it: the blocks, or the text where
/// there are none. Lines end with a line feed.
std::string render(const rapidjson::Value& message, const RenderOptions& options);

}  // namespace nudged::slack_receiver
