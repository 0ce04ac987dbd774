// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dataset.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::crmsim {

/// One record by the names of its properties; refers to the dataset, so not kept.
class RecordView {
public:
    RecordView(const Dataset& dataset, ObjectType type, const Record& record)
        : dataset_(&dataset), type_(type), record_(&record) {}

    ObjectType type() const { return type_; }
    std::int64_t id() const { return record_->id; }
    Instant created() const { return record_->created; }
    Instant modified() const { return record_->modified; }
    std::optional<Instant> archived() const { return record_->archived; }

    /// "" where there is none; HubSpot makes no difference for what we ask here either.
    std::string text(std::string_view property) const {
        const auto index = schema_of(type_).find(property);
        if (!index) return {};
        return value_of(schema_of(type_), *record_, *index).value_or("");
    }
    std::optional<Instant> time(std::string_view property) const {
        return parse_instant(text(property));
    }
    std::optional<double> number(std::string_view property) const {
        return parse<double>(text(property));
    }
    std::optional<std::int64_t> integer(std::string_view property) const {
        return parse<std::int64_t>(text(property));
    }
    /// Oldest first.
    std::vector<PastValue> history(std::string_view property) const {
        const auto index = schema_of(type_).find(property);
        if (!index) return {};
        auto past = dataset_->history(type_, record_->id, *index);
        std::ranges::reverse(past);
        return past;
    }
    std::vector<std::int64_t> linked(ObjectType to) const {
        return dataset_->linked(type_, record_->id, to);
    }
    std::optional<std::int64_t> first_linked(ObjectType to) const {
        const auto ids = linked(to);
        return ids.empty() ? std::nullopt : std::optional(ids.front());
    }

private:
    template <typename Number>
    static std::optional<Number> parse(const std::string& text) {
        Number number{};
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        return number;
    }

    const Dataset* dataset_;
    ObjectType type_;
    const Record* record_;
};

}  // namespace nudged::crmsim
