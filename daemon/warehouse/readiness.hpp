// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"

#include <map>
#include <string>
#include <vector>

/// What a CRM's records can support: questions about how it is kept, not about anybody's work.
namespace nudged::warehouse {

/// What was logged of one person, and how much of it says how it ended.
struct Logged {
    std::int64_t calls = 0;
    std::int64_t calls_without_outcome = 0;
    std::int64_t meetings = 0;
    std::int64_t meetings_without_outcome = 0;
};
/// Of what began in [from, until), by whose work it was; persons without any are absent.
std::map<PersonId, Logged> read_logged(const Reader& reader, Instant from, Instant until);

/// A stage in which open opportunities rest, and of which the CRM does not say what it means.
struct VagueStage {
    std::string source;
    std::string stage;  // its name, or its id where it has none
    std::string why;    // "unknown to the CRM's list of stages", "without a position"
    std::int64_t opportunities = 0;
};
std::vector<VagueStage> read_vague_stages(const Reader& reader);

/// A field that is empty in every one of the newest records.
struct EmptyField {
    std::string source;
    std::string entity;
    std::string field;
    std::int64_t records = 0;  // that were looked at
};
/// Of the fields that checks and KPIs rest on.
std::vector<EmptyField> read_empty_fields(const Reader& reader);

}  // namespace nudged::warehouse
