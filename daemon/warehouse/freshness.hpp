// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/model/cursor.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// How far one stream has got.
struct StreamState {
    model::Stream stream;
    std::optional<Instant> complete_at;  // when it last had nothing newer; empty: not yet
};

/// What every source streams at all, by name; a source that has never been read is absent.
std::map<std::string, std::vector<StreamState>> read_streams(const Reader& reader);

/// The names of the sources that know each person as a user.
std::map<PersonId, std::set<std::string>> read_sources_of_people(const Reader& reader);

}  // namespace nudged::warehouse
