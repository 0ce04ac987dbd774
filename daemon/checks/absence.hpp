// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/entity.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::checks {

/// Ids of records of one source, by entity.
using RecordIds = std::map<model::Entity, std::vector<std::string>>;

/// Whether a finding of the check rests on something that is not there, or has not happened yet, so
/// that a record that changed a minute ago may make it wrong: it is read again before anybody is
/// told (sales practice §4).
bool is_about_absence(std::string_view check);
std::span<const std::string_view> checks_about_absence();

/// Collects the records that could end findings about an absence, each once: what a finding is
/// about, what is planned for that, and what its owner has planned for nothing, since a link that
/// is added later moves no clock in several CRMs.
class AbsenceRecords {
public:
    /// `most` of one source.
    AbsenceRecords(const Scene& scene, std::size_t most) : scene_(scene), most_(most) {}

    /// Those of the most important findings first: what comes when a source has enough is left out.
    void add(const Finding& finding);
    /// By source.
    const std::map<std::string, RecordIds>& records() const { return records_; }

private:
    void add(const std::string& source, model::Entity entity, const std::string& id);
    void add_opportunity(const warehouse::RecordKey& key);
    void add_account(const warehouse::RecordKey& key);
    void add_activities(const std::vector<std::size_t>& indexes);
    void add_unlinked(const std::string& source, warehouse::PersonId owner);
    bool is_full(const std::string& source) const;

    const Scene& scene_;
    std::size_t most_;
    std::map<std::string, RecordIds> records_;
    std::map<std::string, std::set<std::pair<model::Entity, std::string>>> seen_;
    std::set<std::pair<std::string, warehouse::PersonId>> owners_;
};

}  // namespace nudged::checks
