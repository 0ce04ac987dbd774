// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/adversary/account.hpp"
#include "tests/adversary/random.hpp"

#include <string>
#include <vector>

namespace nudged::adversary {

/// The people who work in the CRM, and its imports.
class Editor {
public:
    Editor(Random& random, std::vector<ObjectType> types)
        : random_(random), types_(std::move(types)) {}

    /// What the CRM holds before anything is pulled: few instants, many records of each.
    Dataset begin(Instant now);
    /// Does something to a record, or imports a few at one instant; says what.
    std::string edit(Account& account);

private:
    crmsim::Properties properties(ObjectType type);
    std::string owner();
    std::string text();
    std::string time();
    Instant modified(const Account& account, Instant at_least);
    std::string create(Account& account);
    std::string change_staff(Account& account);
    std::string merge(Account& account, const crmsim::Record& part, ObjectType type);
    std::string change(Account& account, ObjectType type, std::int64_t id);
    std::optional<RecordId> partner(const Account& account, RecordId of);

    Random& random_;
    std::vector<ObjectType> types_;  // whose records are pulled
    std::vector<std::int64_t> owners_;
};

std::string name_of(RecordId id);

}  // namespace nudged::adversary
