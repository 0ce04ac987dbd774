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

/// Since when somebody has had a deal; nobody while it lies with a queue or a stranger.
struct Tenure {
    PersonId owner = PersonId::nobody;
    Instant since;
};

/// An opportunity as it came in, whatever became of it. Pipeline and account have no history.
struct NewDeal {
    RecordKey key;
    std::string account_id;
    Instant created;
    std::string pipeline_id;
    std::string pipeline;     // its name; the id where the CRM tells no pipelines
    std::string stage_id;     // in which it began, as far back as changes are known
    std::string stage;        // its name; the id where the CRM tells no stages
    std::vector<Tenure> had;  // by `as_of`, the oldest first; never empty
    /// When it was won or lost, if that was by `as_of`; its creation where nobody knows when.
    std::optional<Instant> closed;
};
/// Those created in [from, as_of].
std::vector<NewDeal> read_new_deals(const Reader& reader, Instant from, Instant as_of);

}  // namespace nudged::warehouse
