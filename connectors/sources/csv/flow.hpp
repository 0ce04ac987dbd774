// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/model/page.hpp"
#include "connectors/sources/csv/download.hpp"
#include "connectors/sources/csv/table.hpp"
#include "connectors/sources/csv/walk.hpp"
#include "connectors/sources/options.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace nudged::sources::csv {

struct TableAt {
    Table table;
    std::string path;  // or the URL
    bool is_url = false;
};

/// The tables of one stream, in the order of the configuration.
struct Flow {
    model::Entity entity{};
    std::vector<TableAt> tables;
    bool is_complete = true;  // all of them are
};
using Downloads = std::vector<Download>;  // one a table of a flow; empty ones for files

/// The flows of a source, in the order in which their entities refer to each other. Problems of the
/// mappings and links are added; a flow is only valid when there were none.
std::vector<Flow> compile_flows(const SourceOptions& options, Diagnostics& problems);
/// Looks for the mapped columns in the files; one that is not there is no more than a warning,
/// since it may come.
void check_flows(const std::vector<Flow>& flows, Diagnostics& problems);

// The rest reads files: on the workers. Each throws Failure.

/// What the tables are now. A file whose size and time of change are those of `known` is not read.
Versions look_at(const Flow& flow, const Downloads& downloads, const Versions& known);
bool read_alike(const Versions& now, const Versions& known);
/// Whether every table behind a URL is there as a body.
bool has_bodies(const Flow& flow, const Downloads& downloads);
bool files_unchanged(const Flow& flow, const Versions& versions);

/// Moves the walk on by about 2,000 records or 8 MiB, puts them into the page, and its cursor with
/// them. The floor moves once the last table is read and none changed under our hands.
void read_page(const Flow& flow, const Downloads& downloads, Walk& walk, bool begins,
               model::Page& page);

/// The records of `ids`, and tombstones for those whose absence is proven.
void read_records(const Flow& flow, const Downloads& downloads, const std::vector<std::string>& ids,
                  model::Page& page);

}  // namespace nudged::sources::csv
