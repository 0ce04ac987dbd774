// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/rechecks.hpp"

#include "connectors/base/failure.hpp"

#include <utility>

namespace nudged::runtime {
namespace {

constexpr std::chrono::minutes between_rechecks{1};

}  // namespace

Rechecks::Rechecks(TaskGroup& tasks, Read read, SteadyClock clock)
    : tasks_(tasks), read_(std::move(read)), clock_(std::move(clock)) {}

bool Rechecks::ask(const std::string& source) {
    const auto now = clock_();
    const auto found = rechecks_.find(source);
    if (found != rechecks_.end() && found->second.is_under_way) return true;
    if (found != rechecks_.end() && now - found->second.begun_at < between_rechecks) return false;
    rechecks_[source] = {.is_under_way = true, .begun_at = now};
    tasks_.spawn(run(source));
    return true;
}

asio::awaitable<void> Rechecks::run(std::string source) {
    struct UnderWay {
        Recheck& recheck;
        ~UnderWay() { recheck.is_under_way = false; }
    };
    const UnderWay under_way{rechecks_.at(source)};
    try {
        co_await read_(source);
    } catch (const Failure&) {
        // The source tells of its own; here it only means that there is nothing new.
    }
}

}  // namespace nudged::runtime
