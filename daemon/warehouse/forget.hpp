// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/removal.hpp"
#include "daemon/warehouse/suppression.hpp"
#include "daemon/warehouse/traces.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// Forgets one human, rep or contact, in short steps between which others may write: their users
/// and contacts, their activities (what those counted goes to the sums of teams), references to
/// them, their words in texts, findings about them and messages that speak of them. The identities
/// go last, so that one that was cut short can be begun again. Suppress them first: a page that is
/// stored meanwhile would bring them back.
class Forgetting {
public:
    enum class Mode { remove, only_count };
    explicit Forgetting(Traces traces, Mode mode = Mode::remove);

    /// The next step; inside a write transaction, unless it only counts. False when all is done but
    /// what a Scrub does.
    bool step(Database& database);

    /// Rows removed and changed so far, per table.
    const RowCounts& removed() const { return removed_; }
    const RowCounts& changed() const { return changed_; }

private:
    void step_entity(Database& database, model::Entity entity);
    void step_texts(Database& database);
    void clean_texts(Database& database, const TextTable& table, std::int64_t from,
                     std::int64_t to);
    void clean_again(Database& database);
    void step_messages(Database& database);
    void step_persons(Database& database);
    bool walk(Database& database, std::string_view table);
    void add(const RowCounts& gone);

    Traces traces_;
    Mode mode_;
    std::vector<model::Entity> entities_;  // persons last
    std::vector<TextTable> tables_;
    bool has_tables_ = false;
    std::size_t stage_ = 0;
    std::int64_t walked_to_ = 0;
    std::int64_t walking_to_ = 0;
    RowCounts removed_, changed_;
};

/// They are not to be stored again; durable when it returns.
void suppress(Suppression& suppression, const Traces& traces);

/// Everybody in the warehouse who is on the list, by an address or as a source knew them: after a
/// restore. Each human once, for find_traces().
std::vector<KnownBy> find_suppressed(const Database& database, const Suppression& suppression);

/// Removes the copies of the warehouse at `path` that were made before migrations, and names those
/// beside it that may still have somebody: what restores have replaced, which is a person's to
/// remove, and a copy that could not be removed. Any thread.
std::vector<std::string> remove_copies(const std::string& path);

/// Those of the folder's backups that still know somebody by this address, the newest first.
std::vector<std::string> backups_with(const std::string& folder, std::string_view address);

}  // namespace nudged::warehouse
