// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/line_message.hpp"
#include "tests/daemon/alerts/desk.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::tests {

/// A desk whose findings find their ways.
struct Ways : Desk {
    std::vector<alerts::Routed> routed(Instant now = monday);
    /// The first finding's way: "manager: due".
    std::vector<std::string> way(Instant now = monday);
    std::string why(std::string_view line, Instant now = monday);

    std::vector<alerts::LineMessage> lines(Instant now = monday);
    void send_lines(Instant now = monday);
    /// The manager's digest is composed of what their line says, and put into the outbox.
    void send_digest(Instant now = monday);
    void answer(warehouse::AnswerKind kind, Instant now);

    warehouse::People people();

    std::vector<std::chrono::local_days> manager_away, ana_away;
    std::optional<int> at_once_left = 100;
};

}  // namespace nudged::tests
