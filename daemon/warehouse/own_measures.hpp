// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/measure_rule.hpp"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// All measures of a warehouse, or of a configuration: those that ship, then an admin's own. Never
/// changes; copies share what they hold, and a Measure lives as long as one of them.
class MeasureList {
public:
    /// Those that ship.
    MeasureList();
    /// `own` are without problems, and have names of their own.
    explicit MeasureList(std::vector<OwnMeasure> own);

    std::span<const Measure> all() const { return held_->all; }
    std::span<const OwnMeasure> own() const { return held_->own; }
    const Measure* find(std::string_view name) const;

private:
    struct Held {
        std::vector<OwnMeasure> own;
        std::vector<MeasureRule> rules;
        std::vector<Measure> all;  // point into the others
    };
    static std::shared_ptr<const Held> hold(std::vector<OwnMeasure> own);

    std::shared_ptr<const Held> held_;
};

/// Those that the warehouse keeps sums of.
MeasureList read_measures(const Database& database);

/// `wanted`, or, where it is empty, those that the warehouse keeps: for whoever counts.
class WantedMeasures {
public:
    WantedMeasures(const Database& database, std::span<const Measure> wanted)
        : list_(wanted.empty() ? read_measures(database) : MeasureList{}),
          all_(wanted.empty() ? list_.all() : wanted) {}
    std::span<const Measure> all() const { return all_; }

private:
    MeasureList list_;
    std::span<const Measure> all_;
};

/// Makes the warehouse keep sums of these beside those that ship. One that is new or defined
/// otherwise is counted over all records, the first of them at once; sums of one that is gone are
/// deleted by and by. Writer's thread; inside its transaction.
void apply_measures(Database& database, const MeasureList& measures);

}  // namespace nudged::warehouse
