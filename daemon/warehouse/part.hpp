// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/change_notes.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// Whose records may be judged otherwise than before, and which.
struct Part {
    std::set<PersonId> people;
    std::set<PersonId> editors;  // who moved close dates
    /// Theirs, and what changed: each with all that is linked to it in the part.
    std::set<RecordKey> opportunities, accounts, tasks;
};

/// While it lives, what is read of opportunities, accounts and tasks through the reader is what
/// belongs to the part, with all that is linked to it: tables of the connection's own stand before
/// those of the file. Whoever means the file says "main.".
class PartView {
public:
    /// `since` is the moment of the last look, `as_of` that of this one. Opportunities that are
    /// `named` count as changed; whoever is in one of `teams` with one of the part belongs to it.
    PartView(const Reader& reader, const Changes& changes, Instant since, Instant as_of,
             const std::set<RecordKey>& named, const std::vector<std::set<PersonId>>& teams);
    ~PartView();
    PartView(const PartView&) = delete;
    PartView& operator=(const PartView&) = delete;

    const Part& part() const { return part_; }

private:
    void run(const std::string& sql, std::optional<Instant> one = {},
             std::optional<Instant> two = {}) const;
    void find_changed(const Changes& changes, Instant since, Instant as_of);
    void add_named(const std::set<RecordKey>& named);
    void add_mass_mail(const Changes& changes);
    void join_merges(Instant as_of);
    void find_people(const std::vector<std::set<PersonId>>& teams, Instant as_of);
    void find_records(Instant as_of);
    void copy_records();
    std::set<RecordKey> keys(const std::string& sql) const;

    const Reader& reader_;
    Part part_;
};

/// The first moment after `as_of` at which something that is stored takes effect, meetings apart.
std::optional<Instant> next_effect(const Reader& reader, Instant as_of);

/// The last moment after `as_of` to which a change of owner is dated: until then a deal is not its
/// row's owner's.
std::optional<Instant> last_handover(const Reader& reader, Instant as_of);

}  // namespace nudged::warehouse
