// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/container_hash/hash.hpp>

#include <compare>
#include <cstddef>
#include <string>
#include <unordered_map>

namespace nudged::warehouse {

/// A record as its CRM knows it: the source's name, and the CRM's id there.
struct RecordKey {
    std::string source;
    std::string id;
    friend auto operator<=>(const RecordKey&, const RecordKey&) = default;
};

inline std::size_t hash_value(const RecordKey& key) {
    std::size_t seed = 0;
    boost::hash_combine(seed, key.source);
    boost::hash_combine(seed, key.id);
    return seed;
}

/// For what is looked up record by record and not gone through in order.
template <typename Value>
using ByRecord = std::unordered_map<RecordKey, Value, boost::hash<RecordKey>>;

}  // namespace nudged::warehouse
