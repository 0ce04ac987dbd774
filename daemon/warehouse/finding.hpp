// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/decimal.hpp"
#include "connectors/base/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// Row of the table `person`; 0 is nobody.
enum class PersonId : std::int64_t { nobody = 0 };

enum class Severity { info, attention, high };
std::string_view to_string(Severity severity);
std::optional<Severity> severity_of(std::string_view name);

/// What a finding is about. For records `source` and `id` are those of the CRM; for people `source`
/// is empty and `id` is the PersonId.
struct Subject {
    std::string type;  // opportunity, account, task, person, team
    std::string source;
    std::string id;
    std::string name;
    std::string url;
};

/// One fact that a finding rests on.
struct Evidence {
    std::string label;
    std::string value;
    std::string url;
};

/// One thing worth a conversation, or worth praise. Values of the CRM in it are as the CRM holds
/// them.
struct Finding {
    std::string check;  // "opp.no_next_step"
    Severity severity = Severity::attention;
    bool is_praise = false;
    Subject subject;
    PersonId owner = PersonId::nobody;
    std::string team;
    std::string
        aspect;       // tells findings of one check and subject apart, such as a KPI; may be empty
    Instant since{};  // since when the condition holds, as far as known
    std::string summary;
    std::string question;
    std::vector<Evidence> evidence;
    std::optional<Decimal> amount;  // what is at stake: the larger comes first in a digest

    /// The same for the same thing in every run: check, subject and aspect; 32 hex digits.
    std::string fingerprint() const;
};

using Findings = std::vector<Finding>;

}  // namespace nudged::warehouse
