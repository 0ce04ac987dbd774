// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/base/instant.hpp"
#include "connectors/model/entity.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace nudged::config {

/// A record as a case gives it: by field, in the order of model::fields_of.
struct GivenRecord {
    model::Entity entity{};
    std::string id;
    std::map<std::size_t, std::variant<std::int64_t, std::string>> values;
    Place place;
};

/// Whom and what one check is to speak of, as "ENTITY/ID" or "person/ADDRESS"; nothing: of nothing.
struct ExpectedFindings {
    std::string check;
    std::set<std::string> subjects;
    Place place;
};

/// One [[case]] of `nudged test`: records, a moment, and what is to be found then.
struct RuleCase {
    std::string name;
    Instant as_of{};
    std::vector<GivenRecord> given;
    std::vector<ExpectedFindings> expected;
    Place place;
};

/// Reads a file of cases and the CSV files that it names, relative to itself. Everything wrong with
/// them becomes a problem.
std::vector<RuleCase> read_cases(const std::filesystem::path& file, Diagnostics& problems);

}  // namespace nudged::config
