// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/sources/catalog.hpp"

#include <memory>
#include <string>

namespace nudged::sources {

/// Command, files, mappings, and where the credentials go; no tap is run.
void check_singer(const SourceOptions& source, const std::string& manifest_folder,
                  Diagnostics& problems);

/// The connector "singer": runs a Singer tap as a child process. All that it tells is one stream,
/// called after the first entity that is mapped, since one run tells of all of them.
/// Throws Failure(needs_person) for options that check_singer() would refuse.
std::unique_ptr<Source> make_singer(const SourceOptions& source, const SourceContext& context);

}  // namespace nudged::sources
