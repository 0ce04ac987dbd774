// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/options.hpp"

#include <string>
#include <vector>

namespace nudged::sources::singer {

/// Checks `config` or `config_file`, and that credentials and their places match.
void check_tap_config(const SourceOptions& source, Diagnostics& problems);

/// The JSON that a tap reads, with "{credential.NAME}" replaced. Holds secrets. Throws
/// Failure(needs_person) when a file cannot be read any more.
std::string render_tap_config(const SingerSourceOptions& options);

/// Every secret, as it is and as JSON writes it: what must not be told.
std::vector<std::string> secrets_of(const SingerSourceOptions& options);

}  // namespace nudged::sources::singer
