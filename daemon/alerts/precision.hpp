// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/notice.hpp"
#include "daemon/warehouse/people.hpp"
#include "daemon/warehouse/precision.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace nudged::alerts {

/// How useful a check's findings were to one manager (sales practice §12.1): of those that were
/// told, how many were acted on, and what became of the others.
struct Precision {
    std::string check;
    std::string team;
    std::string manager;  // their name
    int told = 0;
    int acted_on = 0;    // settled or acknowledged within ten working days
    int dismissed = 0;   // not relevant, known, too early
    int wrong_data = 0;  // or disputed
    int ignored = 0;     // ten working days have gone by without a sign
    int open = 0;        // it is too early to say

    int judged() const { return told - open; }
    /// Of those that can be judged; nullopt when there are none.
    std::optional<double> share() const;
};

inline constexpr std::chrono::days precision_window{60};

/// By check, then by team. Pure.
std::vector<Precision> measure_precision(const std::vector<warehouse::ToldEpisode>& episodes,
                                         const warehouse::People& people, Instant as_of);

/// What to propose to the admin for one check and manager; empty while it is useful, or too few
/// were told. Nothing is changed by itself.
std::string propose_change(const Precision& precision);

/// A notice for the admin of every check and manager: that something is proposed, or no longer is.
std::vector<Notice> precision_notices(const warehouse::Database& database,
                                      const warehouse::People& people, const std::string& channel,
                                      Instant as_of);

}  // namespace nudged::alerts
