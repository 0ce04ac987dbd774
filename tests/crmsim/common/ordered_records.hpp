// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/common/record_view.hpp"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace nudged::crmsim {

/// A record's place in one order. Ties of the key are broken by the id, so that there are none.
struct Place {
    std::int64_t key;
    std::int64_t id;
    ObjectType type;

    friend auto operator<=>(const Place&, const Place&) = default;
};

/// Records of some types in some order, sorted again only when the data set has changed.
class OrderedRecords {
public:
    explicit OrderedRecords(const Dataset& dataset) : dataset_(dataset) {}

    /// `key` of a RecordView is its place; `name` tells one order from another. Archived records
    /// are in it too.
    template <typename Key>
    const std::vector<Place>& sorted(const std::string& name, std::span<const ObjectType> types,
                                     Key key) {
        Order& order = orders_[name];
        if (order.fresh && order.version == dataset_.version()) return order.places;
        order.places.clear();
        for (const ObjectType type : types)
            for (const Record& record : dataset_.records(type))
                order.places.push_back({key(RecordView(dataset_, type, record)), record.id, type});
        std::ranges::sort(order.places);
        order.version = dataset_.version();
        order.fresh = true;
        return order.places;
    }

private:
    struct Order {
        std::vector<Place> places;
        std::uint64_t version = 0;
        bool fresh = false;
    };
    const Dataset& dataset_;
    std::map<std::string, Order> orders_;
};

}  // namespace nudged::crmsim
