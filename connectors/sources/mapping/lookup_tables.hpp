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

/// What a CRM's values are called, as one of its lists told it.
using LookupTable = std::map<std::string, std::string, std::less<>>;

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
    const std::string* find(std::size_t table, std::string_view key) const {
        if (!has(table)) return nullptr;
        const auto found = tables_[table]->find(key);
        return found == tables_[table]->end() ? nullptr : &found->second;
    }

private:
    std::vector<std::shared_ptr<const LookupTable>> tables_;
};

}  // namespace nudged::sources
