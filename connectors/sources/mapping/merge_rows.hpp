// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/mapping/record_plan.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace nudged::sources {

/// Rows of answers by the ids of their records. Any thread.
class RowsById {
public:
    /// Takes the rows at `records` that have an id; those that tell a deletion are left out, as
    /// nothing else is read of them. The document outlives this.
    void add(const json::Value& answer, const json::Path& records, const RecordPlan& plan);
    const json::Value* find(const std::string& id) const;
    /// In the order of the answer.
    const std::vector<std::string>& ids() const { return ids_; }

private:
    std::unordered_map<std::string, const json::Value*> rows_;
    std::vector<std::string> ids_;
};

/// Gives each row of `answer` what the row of the same id in `more` holds beside it. Texts are not
/// copied: what `more` points into has to outlive `answer`. False when a row has none there.
bool merge_rows(json::Document& answer, const json::Path& records, const RecordPlan& plan,
                const RowsById& more);

}  // namespace nudged::sources
