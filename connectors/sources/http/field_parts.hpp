// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/http/manifest.hpp"

#include <set>
#include <span>
#include <string>
#include <vector>

namespace nudged::sources {

/// What a CRM calls the fields at these places; those that come by themselves are left out.
std::set<std::string> field_names(const FieldNames& names, std::span<const json::Path> places);

/// The names that every part of a row needs: its id, its version, and whether it is deleted.
std::set<std::string> key_fields(const FieldNames& names, const RecordPlan& record);

/// Many fields as lists of no more than a request takes; each of them names the keys. A single list
/// where all fit.
std::vector<std::vector<std::string>> field_parts(const FieldNames& names,
                                                  const std::vector<std::string>& fields,
                                                  const std::set<std::string>& keys);

}  // namespace nudged::sources
