// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/config/config.hpp"
#include "daemon/warehouse/note_reading.hpp"

#include <string>

namespace nudged::cli {

/// Who asks, by `--as`: an address on the roster or of anybody known; empty: the admin.
warehouse::NoteAsker find_asker(const warehouse::Reader& reader, const config::Config& config,
                                const std::string& address, Instant now);

/// The person that `--rep` names.
warehouse::PersonId find_rep(const warehouse::Reader& reader, const config::Config& config,
                             const std::string& name);

}  // namespace nudged::cli
