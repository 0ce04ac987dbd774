// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace nudged::sources::csv {

/// The bytes of one table: a file that is read a piece at a time, or a body in memory. Belongs to
/// one thread at a time.
class Input {
public:
    /// Throws Failure(needs_person), naming the path, for what is no readable file.
    static Input open(const std::string& path);
    static Input of(std::shared_ptr<const std::string> body);

    Input(Input&& other) noexcept;
    Input& operator=(Input&&) = delete;
    ~Input();

    /// Fills `into` from `offset` on; less only at the end. Throws Failure(transient) when the disk
    /// does.
    std::size_t read_at(std::uint64_t offset, std::span<char> into) const;
    /// Size and time of change: equal stamps are taken for equal contents.
    std::string stamp() const;
    /// Of all bytes. Reads them, a piece at a time.
    std::string content_fingerprint() const;

private:
    Input() = default;
    std::string path_;
    int descriptor_ = -1;
    std::shared_ptr<const std::string> body_;
};

}  // namespace nudged::sources::csv
