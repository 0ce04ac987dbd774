// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// Where a process dies of its own SIGKILL: between the steps of the outbox, as SQLite and the
/// channel go through them.
namespace nudged::tests {

/// The process kills itself when it reaches that step for the `nth` time; "" is none.
void die_at(const std::string& step, int nth);
/// Any thread.
void reach(std::string_view step);
/// What is told of the death: the message that is being sent.
void set_in_flight(const std::string& key);

/// From here on SQLite's statements and its writes are steps, on connections that are opened later:
/// "look begun", "claim made", "claim being committed", "claim committed", "outcome made", "outcome
/// being committed", "outcome committed".
void watch_sqlite();

}  // namespace nudged::tests
