// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"

#include <random>
#include <string>
#include <vector>

namespace nudged::tests {

/// Messages of values that somebody typed into a CRM with bad intent, or by mistake: mentions,
/// links and tags of every chat, half of their markup, control characters, bidi overrides, bad
/// UTF-8, very long ones. The same seed, the same messages.
class Hostile {
public:
    explicit Hostile(unsigned seed) : random_(seed) {}

    std::string text();
    std::string url();
    model::Message message();
    std::size_t pick(std::size_t below);
    /// How many values it has made so far.
    std::size_t made() const { return made_; }

private:
    std::mt19937 random_;
    std::size_t made_ = 0;
};

/// A message with `text` in every place, `count` sections of as many items and rows, and up to a
/// dozen facts and cells each.
model::Message everywhere(const std::string& text, std::size_t count);

/// `piece` again and again, up to so many bytes.
std::string repeated(const std::string& piece, std::size_t bytes);

/// The text without the zero-width spaces that take links their meaning, and what they stand in.
std::string without_broken_links(std::string text);

/// What no text for a person may have in it, whatever the channel: control characters, bidi
/// overrides, bad UTF-8. The first one found, or "".
std::string unclean(const std::string& text);

}  // namespace nudged::tests
