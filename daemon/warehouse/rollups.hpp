// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "connectors/model/entity.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/measures.hpp"
#include "daemon/warehouse/reader.hpp"

#include <boost/container/flat_map.hpp>

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace nudged::warehouse {

/// Sums per week; a week without a row is absent, not zero. Flat: of many people there are many.
using WeekSums = boost::container::flat_map<IsoWeek, std::int64_t>;

/// What cannot be read at present, since it is being counted anew: a partial sum looks like a true
/// one.
struct RollupProof {
    std::map<std::string, std::string, std::less<>> measures;  // name → why
    std::map<PersonId, std::string> people;                    // whose days have changed → why

    bool is_whole() const { return measures.empty() && people.empty(); }
    /// Why nothing of `measure` can be said of `person`; nullopt when all is counted. With it are
    /// proven the measures that tell when the records of its entity begin.
    std::optional<std::string> why_not(const Measure& measure, PersonId person) const;
};
/// `wanted` are what somebody means to read: one of them that the warehouse does not keep (yet), or
/// by another definition, is not proven either; none: those of the warehouse.
RollupProof read_rollup_proof(const Reader& reader, std::span<const Measure> wanted = {});

/// What each of `people` did of `measure` on the local days [from, until), over all their users.
/// Persons without a row are absent. Rollups keep no history of themselves: what was logged late is
/// in the week it belongs to. Only where read_rollup_proof() has nothing against it.
std::map<PersonId, WeekSums> read_weeks(const Reader& reader, std::string_view measure,
                                        std::span<const PersonId> people,
                                        std::chrono::local_days from,
                                        std::chrono::local_days until);

/// Those of `people` of whom anything at all is known up to the end of `last`: a sum of any
/// measure, or an opportunity, task or account of theirs.
std::set<PersonId> read_people_with_data(const Reader& reader, std::span<const PersonId> people,
                                         std::chrono::local_days last);

/// The first day on which anything of `entity` was counted for each of `people`, over all their
/// users, by the measures that tell so; persons without such a day are absent.
std::map<PersonId, std::chrono::local_days> read_first_days(const Reader& reader,
                                                            model::Entity entity,
                                                            std::span<const PersonId> people);

}  // namespace nudged::warehouse
