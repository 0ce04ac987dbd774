// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/sources/catalog.hpp"
#include "connectors/sources/options.hpp"
#include "connectors/sources/source.hpp"

#include <memory>
#include <string>

namespace nudged::sources {

/// Mappings, and the columns of the files that are there already; no URL is asked.
void check_csv(const SourceOptions& options, const std::string& manifest_folder,
               Diagnostics& problems);

/// Tables in files and behind http(s) links, one stream an entity. A stream whose tables did not
/// change is not read again; one that did is read whole, since a table tells no more than its
/// present state. Where all tables of an entity are complete, rows that vanished become tombstones,
/// but only when every row could be read and no table was empty: else their absence proves nothing.
std::unique_ptr<Source> make_csv(const SourceOptions& options, const SourceContext& context);

}  // namespace nudged::sources
