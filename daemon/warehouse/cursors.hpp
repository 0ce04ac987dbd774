// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/cursor.hpp"
#include "daemon/warehouse/database.hpp"

#include <map>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// Where a stream goes on; an empty cursor for one that never stored a page.
model::Cursor read_cursor(const Database& database, const std::string& source,
                          model::Stream stream);

/// When each stream of a source last had nothing newer; those that never had are absent.
std::map<model::Stream, Instant> read_completed(const Database& database,
                                                const std::string& source);

/// A stream that a source tells, and the entity whose stream it comes with: mostly its own.
struct ToldStream {
    model::Stream stream;
    model::Entity by{};
};
/// Inside a write transaction. Notes what a source is going to tell, before it has: what is not
/// finished must not be taken for what is not there. A stream that joins another one later has no
/// past of its own: the first load of the one that tells it begins again.
void declare_streams(Database& database, const std::string& source, const std::string& connector,
                     const std::vector<ToldStream>& told);
/// The source begins anew: nothing of it is complete any more, and what its streams find wins over
/// what is stored until each has come to its end.
void begin_full_load(Database& database, const std::string& source);
/// Whether such a load of the stream is under way.
bool is_full_load(const Database& database, const std::string& source, model::Stream stream);
/// News of these entities have been missed: their increments begin anew, and with them the first
/// load.
void begin_again(Database& database, const std::string& source,
                 const std::vector<model::Entity>& entities);
/// The stream's position leads nowhere: it begins again at its floor.
void clear_position(Database& database, const std::string& source, model::Stream stream);

}  // namespace nudged::warehouse
