// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/store.hpp"

#include <string>
#include <string_view>

namespace nudged::warehouse {

/// Finds rows whose keys are asked for in the order of their index, as a CRM tells most of what it
/// has told before: the next row is a step away there, where a look-up of its own begins at the
/// roots of two trees. Whoever writes to a table stops the walk first; so does whoever ends the
/// transaction, which it would hold open.
class KeyWalk {
public:
    /// `rows` is EntityTable::select_from.
    explicit KeyWalk(Statement rows) : rows_(std::move(rows)) {}

    enum class Found { here, nowhere, unknown };
    /// Whether row() is that of the key; unknown when it has to be looked up.
    Found find(SourceId source, std::string_view id);
    const Statement& row() const { return rows_; }
    void stop();

private:
    bool step_to(std::string_view id);

    Statement rows_;
    SourceId source_{};
    std::string asked_;  // the last key
    std::string from_;   // the key that the walk began with, which is bound
    int in_order_ = 0;   // keys asked for in a row, each after the one before
    bool is_walking_ = false;
    bool has_row_ = false;
};

}  // namespace nudged::warehouse
