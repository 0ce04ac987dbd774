// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "daemon/alerts/options.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/warehouse/people.hpp"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace nudged::alerts {

/// What would have become of findings, day by day, and what their managers would have been told:
/// the life of findings (life.hpp) and the digests (digest.hpp), in memory. It keeps what is open
/// and what may still come back, so that a year takes no more than a week.
class Replay {
public:
    /// Of one check.
    struct Tally {
        int opened = 0;
        int reopened = 0;     // came back soon enough to go on as it was
        int told = 0;         // stood in a digest, once each time it became worse, too
        int resolved = 0;     // after it had been told
        int gone_untold = 0;  // resolved by itself before a digest told it
        int open_at_end = 0;
        int days_held = 0;  // on which it was not judged, for one source at least
    };
    /// Of one team in one week.
    struct Week {
        int messages = 0;
        int items = 0;  // new in these
    };

    explicit Replay(const AlertOptions& options) : options_(options) {}

    /// The next day: what was found in its morning. Days follow one another.
    void advance(const checks::Evaluation& evaluation, const warehouse::People& people,
                 std::chrono::local_days day, Instant now);

    std::map<std::string, Tally> tallies() const;
    /// By team, then by week; weeks without a message are there, too.
    const std::map<std::string, std::map<IsoWeek, Week>>& weeks() const { return weeks_; }

private:
    struct Episode {
        std::string check;
        std::string team;
        warehouse::Severity severity{};
        std::optional<warehouse::Severity> told;
        std::optional<Instant> resolved_at;
        warehouse::Finding subject;  // of whom and what it is, by which it may be held
        int seen = 0;                // the last day's number on which it was found
    };

    void take_up(const warehouse::Finding& finding, Instant now);
    void let_go(const checks::Evaluation& evaluation, Instant now);
    void tell(const warehouse::Team& team, std::chrono::local_days day);

    AlertOptions options_;
    int days_ = 0;
    std::unordered_map<std::string, Episode> episodes_;  // by fingerprint
    std::map<std::string, Tally> tallies_;
    std::map<std::string, std::map<IsoWeek, Week>> weeks_;
};

}  // namespace nudged::alerts
