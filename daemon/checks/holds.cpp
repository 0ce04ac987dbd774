// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/holds.hpp"

#include "daemon/checks/baselines.hpp"

#include <algorithm>
#include <utility>

namespace nudged::checks {

Holds::Key Holds::key_of(const Held& hold) {
    return {hold.check, hold.source, hold.reason, hold.keeps_findings};
}

std::uint32_t Holds::number_of(const Held& hold) {
    const auto is_same = [&](const Held& other) {
        return hold.check == other.check && hold.source == other.source &&
               hold.reason == other.reason && hold.keeps_findings == other.keeps_findings;
    };
    if (last_ < held_.size() && is_same(held_[last_])) return last_;
    const auto [known, is_new] =
        numbers_.try_emplace(key_of(hold), static_cast<std::uint32_t>(held_.size()));
    if (is_new) {
        held_.push_back(hold);
        counts_.push_back(0);
    }
    return last_ = known->second;
}

void Holds::note(const Held& hold, HeldFor cause) {
    const auto number = number_of(hold);
    auto& of_cause = of_cause_[std::move(cause)];
    if (std::find(of_cause.begin(), of_cause.end(), number) != of_cause.end()) return;
    of_cause.push_back(number);
    ++counts_[number];
}

void Holds::replace(const Holds& other, const std::function<bool(const HeldFor&)>& is_of) {
    std::erase_if(of_cause_, [&](const auto& entry) {
        if (!is_of(entry.first)) return false;
        for (const auto number : entry.second) --counts_[number];
        return true;
    });
    for (const auto& [cause, numbers] : other.of_cause_)
        if (is_of(cause))
            for (const auto number : numbers) note(other.held_[number], cause);
}

std::vector<Held> Holds::all() const {
    std::vector<Held> all;
    for (std::size_t i = 0; i < held_.size(); ++i)
        if (counts_[i] > 0) all.push_back(held_[i]);
    return all;
}

void note_hold(const Scene& scene, const Held& hold, HeldFor cause) {
    if (auto& holds = baselines_of(scene).holds) holds->note(hold, std::move(cause));
}

}  // namespace nudged::checks
