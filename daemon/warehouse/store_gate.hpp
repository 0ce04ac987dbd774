// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/rollups_write.hpp"
#include "daemon/warehouse/store_rules.hpp"

#include <string>

namespace nudged::warehouse {

/// The rules of what is stored, for the records of one page. Without rules, or while they keep
/// nobody out and nothing is old, it costs a comparison or two a record.
class StoreGate {
public:
    /// While the clock is not believed (clock_leap.hpp), nothing is past its time: what the page's
    /// cursor covers and is not stored would be missed for good.
    StoreGate(StoreRules* rules, const Database& database, SourceId source, Instant fetched_at,
              bool believes_clock)
        : rules_(rules),
          database_(database),
          source_(source),
          fetched_at_(fetched_at),
          believes_clock_(believes_clock) {
        if (rules_ && !rules_->suppression().empty()) source_name_ = name_of(database, source);
    }

    /// The record as it may be stored: `told` itself, or a copy that lives until the next call;
    /// null when it may not.
    const model::Record* admit(const model::Record& told) {
        if (source_name_.empty()) return &told;
        cleaned_ = told;
        return rules_->admit(source_name_, cleaned_) ? &cleaned_ : nullptr;
    }

    /// Whether a record that is not stored yet is past its time already.
    bool is_past(const model::Record& record) const {
        if (!rules_ || !believes_clock_ || record.deleted) return false;
        return warehouse::is_past(rules_->retention, record, fetched_at_, [&] {
            static const std::size_t stage =
                *model::field_index(model::Entity::opportunity, "stage");
            return stage_flags_of(database_, source_, record.text_at(stage));
        });
    }

private:
    static std::string name_of(const Database& database, SourceId source) {
        auto row = database.prepare("SELECT name FROM source WHERE id = ?1");
        row.bind(1, source);
        return row.step() ? std::string{row.text(0)} : std::string{};
    }

    StoreRules* rules_;
    const Database& database_;
    SourceId source_;
    Instant fetched_at_;
    bool believes_clock_;
    std::string source_name_;  // empty: nobody is suppressed
    model::Record cleaned_;
};

}  // namespace nudged::warehouse
