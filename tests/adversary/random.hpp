// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace nudged::adversary {

/// Chance, the same for the same seed on every machine.
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed * 0x9e3779b97f4a7c15u + 1) {}

    /// Both ends included.
    std::int64_t between(std::int64_t least, std::int64_t most) {
        const auto width = static_cast<std::uint64_t>(most - least) + 1;
        return least + static_cast<std::int64_t>(engine_() % width);
    }
    std::chrono::milliseconds between(std::chrono::milliseconds least,
                                      std::chrono::milliseconds most) {
        return std::chrono::milliseconds{between(least.count(), most.count())};
    }
    bool one_in(int chances) { return between(1, chances) == 1; }
    /// One of a list that is not empty.
    template <typename List>
    const auto& pick(const List& list) {
        return list[static_cast<std::size_t>(
            between(0, static_cast<std::int64_t>(std::size(list)) - 1))];
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace nudged::adversary
