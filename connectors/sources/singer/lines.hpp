// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources::singer {

/// Cuts a program's output into lines. A line that is too long is dropped, and told as such.
class LineCutter {
public:
    explicit LineCutter(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    /// Called with each whole line; `is_cut` for one that was too long, of which nothing is kept.
    using Use = std::function<void(std::string_view line, bool is_cut)>;
    void feed(std::string_view bytes, const Use& use);
    /// The last line may lack its line feed.
    void finish(const Use& use);

private:
    void keep(std::string_view piece);

    std::size_t max_bytes_;
    std::string begun_;
    bool is_cut_ = false;
};

/// The last line that a program said on standard error, bounded and without secrets.
class LastWords {
public:
    /// `secrets`: what must never be told, each line of it.
    explicit LastWords(std::vector<std::string> secrets);

    void feed(std::string_view bytes);
    std::string text();

private:
    std::vector<std::string> secrets_;
    LineCutter cutter_;
    std::string last_;
};

}  // namespace nudged::sources::singer
