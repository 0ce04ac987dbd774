// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/decimal.hpp"
#include "connectors/base/diagnostics.hpp"
#include "connectors/model/record.hpp"
#include "daemon/warehouse/measures.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::warehouse {

/// What is asked of a field. An empty field is nothing, not 0: it passes `is_not` alone, and a flag
/// that is empty is false.
enum class MeasureTest : std::uint8_t { is, is_not, at_least, at_most, contains, is_set };
inline constexpr std::array<std::pair<std::string_view, MeasureTest>, 6> measure_tests{{
    {"is", MeasureTest::is},
    {"not", MeasureTest::is_not},
    {"at_least", MeasureTest::at_least},
    {"at_most", MeasureTest::at_most},
    {"contains", MeasureTest::contains},
    {"is_set", MeasureTest::is_set},
}};
std::string_view to_string(MeasureTest test);

/// One condition on a record: a field's name, "extra.NAME" for one that a source adds, or "ending"
/// of an opportunity (open, won, lost, closed), which looks at its stage as well. Values are as
/// written: "120", "true", "outbound"; of several, `is` and `contains` need one, `is_not` none.
struct MeasureCondition {
    std::string field;
    MeasureTest test = MeasureTest::is;
    std::vector<std::string> values;
    Place place;
};

/// A measure that an admin declares: which records count, how much, and on which day; for their
/// owner. Unless `where` speaks of it, what only seems to have happened is left out: planned calls,
/// dropped tasks and the masters of recurring ones, e-mails that were not sent or received.
struct OwnMeasure {
    std::string name;
    std::string meaning;
    model::Entity entity = model::Entity::call;
    std::string sum;  // field that is added up; empty: each record counts one
    std::string day;  // field, an instant or a date; empty: the day it happened
    std::vector<MeasureCondition> where;
    Place place, sum_place, day_place;
};

/// Reports what will not do in a definition.
void check_measure(const OwnMeasure& measure, Diagnostics& problems);

/// A number made of all that decides what is counted, the same for ever: a stored sum of the same
/// revision is one of the same definition.
std::int64_t revision_of(const OwnMeasure& measure);

/// A definition made ready to be asked of each record. Only of one without problems.
class MeasureRule {
public:
    explicit MeasureRule(const OwnMeasure& measure);

    std::optional<Count> count(const model::Record& record, const StageFlags& stage) const;
    bool asks_stage() const;
    /// Whole numbers of a sum are this part of its unit.
    std::int64_t parts() const { return sum_type_ == SumType::decimal ? 100 : 1; }
    std::string_view unit() const;

private:
    /// A field of the record's own, one of `extra`, or the ending.
    struct Where {
        std::optional<std::size_t> field;
        std::string extra;  // name
    };
    struct Condition {
        Where where;
        MeasureTest test = MeasureTest::is;
        bool is_flag = false;
        std::vector<std::string> texts;  // lower case
        std::vector<Decimal> numbers;
    };
    enum class SumType : std::uint8_t { one, integer, decimal };

    static Where find(model::Entity entity, const std::string& field);
    static bool holds(const Condition& condition, const model::Record& record,
                      const StageFlags& stage);
    std::optional<std::int64_t> amount(const model::Record& record) const;
    std::optional<Count> on_day(const model::Record& record, std::int64_t value) const;

    model::Entity entity_;
    std::vector<Condition> conditions_;
    SumType sum_type_ = SumType::one;
    Where sum_;
    std::optional<std::size_t> day_;
    bool at_end_ = false;  // of an opportunity: the day it ended
};

}  // namespace nudged::warehouse
