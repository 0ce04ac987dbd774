// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources {

/// What one of a CRM's lists tells of the values of a field: by these, what stands in each column.
using LookupTable = std::map<std::string, std::vector<std::string>, std::less<>>;

/// All tables of a source as they were at one time: a value whose tables nobody changes, so that
/// any thread may read it.
class LookupTables {
public:
    LookupTables() = default;
    explicit LookupTables(std::size_t count) : tables_(count) {}

    void set(std::size_t table, std::shared_ptr<const LookupTable> told) {
        tables_[table] = std::move(told);
    }
    bool has(std::size_t table) const { return table < tables_.size() && tables_[table]; }
    /// nullptr: the table, as far as it is known, has no such key.
    const std::string* find(std::size_t table, std::size_t column, std::string_view key) const {
        if (!has(table)) return nullptr;
        const auto found = tables_[table]->find(key);
        return found == tables_[table]->end() ? nullptr : &found->second.at(column);
    }
    /// nullptr: it was never told.
    std::shared_ptr<const LookupTable> table(std::size_t table) const { return tables_[table]; }

private:
    std::vector<std::shared_ptr<const LookupTable>> tables_;
};

}  // namespace nudged::sources
