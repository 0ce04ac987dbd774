// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <boost/container_hash/hash.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace nudged::checks {

/// What a rule looked at when it had to be held.
struct HeldFor {
    enum class What { opportunity, account, task, team, all };
    What what = What::all;
    warehouse::RecordKey key{};  // of a team the name alone, of all nothing
    friend bool operator==(const HeldFor&, const HeldFor&) = default;
};

inline std::size_t hash_value(const HeldFor& cause) {
    std::size_t seed = hash_value(cause.key);
    boost::hash_combine(seed, static_cast<int>(cause.what));
    return seed;
}

/// Behind which records each thing that is held stands: it is held until the last of them is gone.
/// Kept from one evaluation to the next, so that looking at a part of them is enough
/// (standing.hpp). Small: a few bytes a record that something is held for.
class Holds {
public:
    void note(const Held& hold, HeldFor cause);
    bool knows(const Held& hold) const { return numbers_.contains(key_of(hold)); }
    /// Takes from `other` what it says of the causes for which `is_of` is true, and forgets what
    /// was known of them.
    void replace(const Holds& other, const std::function<bool(const HeldFor&)>& is_of);
    /// Each once, as they were first noted.
    std::vector<Held> all() const;

private:
    using Key = std::tuple<std::string, std::string, std::string, bool>;
    static Key key_of(const Held& hold);
    std::uint32_t number_of(const Held& hold);

    std::map<Key, std::uint32_t> numbers_;
    std::vector<Held> held_;           // by number
    std::vector<std::size_t> counts_;  // of causes
    std::uint32_t last_ = 0;           // asked for: mostly the same again
    std::unordered_map<HeldFor, std::vector<std::uint32_t>, boost::hash<HeldFor>> of_cause_;
};

/// A rule says what it looked at beside what it holds, each time; nothing happens unless somebody
/// counts (baselines.hpp).
void note_hold(const Scene& scene, const Held& hold, HeldFor cause);

}  // namespace nudged::checks
