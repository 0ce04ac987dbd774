// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/cli/json.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/people.hpp"
#include "daemon/warehouse/reader.hpp"

#include <string>

namespace nudged::cli {

/// The first part of the fingerprint: short enough to type, the same in every run.
std::string finding_id(const warehouse::Finding& finding);

/// Who a finding concerns, by name.
struct Involved {
    warehouse::PersonName owner;
    std::string manager_name;
    std::string manager_email;
};
Involved read_involved(const warehouse::Reader& reader, const warehouse::People& people,
                       const warehouse::Finding& finding);

/// One finding as an object of `evaluate --json`.
void write_finding(Json& json, const warehouse::Finding& finding, const Involved& involved);

}  // namespace nudged::cli
