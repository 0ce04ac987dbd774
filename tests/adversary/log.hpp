// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>

namespace nudged::adversary {

/// The last steps of a trial, for whoever has to understand its end.
class Log {
public:
    void add(std::string step) {
        if (steps_.size() == most) steps_.pop_front();
        steps_.push_back(std::to_string(++count_) + ". " + std::move(step));
    }
    std::string text() const {
        std::string all;
        for (const auto& step : steps_) all += step + "\n";
        return all;
    }

private:
    static constexpr std::size_t most = 60;
    std::deque<std::string> steps_;
    int count_ = 0;
};

}  // namespace nudged::adversary
