// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// A customer that somebody looks after. Accounts have no history: owner, type and name are
/// today's, and only what was created after `as_of` is left out.
struct OwnedAccount {
    RecordKey key;
    std::string name;
    std::string url;
    std::string type;
    PersonId owner = PersonId::nobody;
    std::optional<Instant> created_at;
};
std::vector<OwnedAccount> read_owned_accounts(const Reader& reader, Instant as_of);

}  // namespace nudged::warehouse
