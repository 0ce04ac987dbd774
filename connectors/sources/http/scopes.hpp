// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/entity.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources {

/// What a CRM asks of a credential. A need is one scope, or several between bars of which one is
/// enough: "deals:read|deals:full".
struct ScopePlan {
    std::vector<std::string> every;  // needs of every stream
    std::map<model::Entity, std::vector<std::string>> streams;

    std::vector<std::string> needs_of(model::Entity entity) const;
};

/// The needs that `granted` does not meet: scopes as a token answer lists them, between blanks
/// (RFC 6749 §3.3) or, as some do, commas. Case makes no difference, so that no CRM's habits in
/// writing them become a false alarm.
std::vector<std::string> missing_scopes(std::string_view granted,
                                        const std::vector<std::string>& needs);

/// A need as a person reads it: "deals:read (or deals:full)".
std::string scope_text(const std::string& need);

}  // namespace nudged::sources
