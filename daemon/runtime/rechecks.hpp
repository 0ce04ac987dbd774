// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/task_group.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>

namespace nudged::runtime {

/// Reads sources again because somebody asks for it in a channel, in the background: whoever asks
/// while one is read joins in, and none is read more than once a minute, since each time spends the
/// CRM's quota. Lives on the loop.
class Rechecks {
public:
    using Read = std::function<asio::awaitable<void>(std::string source)>;
    using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

    /// Must outlive `tasks`' tasks.
    Rechecks(TaskGroup& tasks, Read read, SteadyClock clock);

    /// False when nothing is begun, since that was less than a minute ago and is through.
    bool ask(const std::string& source);

private:
    struct Recheck {
        bool is_under_way = false;
        std::chrono::steady_clock::time_point begun_at{};
    };

    asio::awaitable<void> run(std::string source);

    TaskGroup& tasks_;
    Read read_;
    SteadyClock clock_;
    std::map<std::string, Recheck> rechecks_;  // by source: as many as there are
};

}  // namespace nudged::runtime
