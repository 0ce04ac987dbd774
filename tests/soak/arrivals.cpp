// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/arrivals.hpp"

#include <utility>

namespace nudged::soak {
namespace {

constexpr std::string_view card_title = "1:1 with ";

// As config/templates/en.toml has them.
constexpr std::pair<std::string_view, Kind> titles[] = {
    {card_title, Kind::card},
    {" your week ", Kind::brief},
    {" what is new", Kind::digest},
    {" scrum", Kind::sheet},
};

}  // namespace

Arrival recognise(std::size_t team, Instant at, std::string_view text) {
    Arrival arrival{team, at, Kind::other, {}};
    auto first = text.npos;
    for (const auto& [title, kind] : titles) {
        const auto found = text.find(title);
        if (found == text.npos || found >= first) continue;
        first = found;
        arrival.kind = kind;
    }
    if (arrival.kind != Kind::card) return arrival;
    const auto behind = text.substr(first + card_title.size());
    for (const auto& rep : teams()[team].reps)
        if (behind.starts_with(rep)) arrival.rep = rep;
    return arrival;
}

void Arrivals::add(Arrival arrival) {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::move(arrival));
}

std::vector<Arrival> Arrivals::all() const {
    const std::lock_guard lock(mutex_);
    return all_;
}

}  // namespace nudged::soak
