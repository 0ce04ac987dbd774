// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace nudged {

using LocalTime = std::chrono::local_time<std::chrono::milliseconds>;

/// A time zone of the system's IANA database. A small value; safe to copy and to share between
/// threads.
class Zone {
public:
    /// nullopt for a name that the system's database does not have.
    static std::optional<Zone> find(std::string_view name);
    static Zone utc();

    std::string name() const;
    LocalTime local_time(Instant instant) const;
    std::chrono::local_days local_day(Instant instant) const;
    /// The instant at which clocks here show `local`: the earlier of two when they are set back,
    /// the moment of the jump when they skip it.
    Instant instant(LocalTime local) const;

    friend bool operator==(const Zone&, const Zone&) = default;

private:
    explicit Zone(const date::time_zone* zone) : zone_(zone) {}
    const date::time_zone* zone_;
};

}  // namespace nudged
