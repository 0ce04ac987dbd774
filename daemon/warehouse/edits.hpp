// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/reader.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace nudged::warehouse {

/// What a program did to many deals is no sign of life of any of them (sales practice §4).
struct EditRules {
    std::set<std::pair<std::string, std::string>> integration_users;  // source and user id
    int mass_objects = 50;  // more deals of one user than this …
    std::chrono::milliseconds mass_within{std::chrono::minutes{10}};
};

/// Tells edits of single deals from those of integrations and mass edits.
class EditFilter {
public:
    EditFilter(const Reader& reader, EditRules rules, Instant as_of);

    /// An edit whose author nobody knows is taken for a person's.
    bool is_meaningful(const std::string& source, const std::string& by, Instant at) const {
        return !is_integration(source, by) && !is_mass(source, by, at);
    }
    bool is_integration(const std::string& source, const std::string& by) const {
        return !rules_.integration_users.empty() && rules_.integration_users.contains({source, by});
    }
    bool is_mass(const std::string& source, const std::string& by, Instant at) const;
    /// Whether it tells the same edits apart.
    bool operator==(const EditFilter& other) const {
        return mass_ == other.mass_ && rules_.integration_users == other.rules_.integration_users;
    }

private:
    using Author = std::pair<std::string, std::string>;
    struct Span {
        Instant first, last;  // inclusive
        bool operator==(const Span&) const = default;
    };

    EditRules rules_;
    std::map<Author, std::vector<Span>> mass_;
};

}  // namespace nudged::warehouse
