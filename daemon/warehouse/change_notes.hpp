// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

struct sqlite3;

namespace nudged::warehouse {

class Database;

/// What has been written since somebody asked last, as far as the rules about records look at it.
/// Each row is noted as it was and as it is, so that both ends of a link that moves are there.
struct Changes {
    /// By the row of the source, and the CRM's id.
    using Ids = std::set<std::pair<std::int64_t, std::string>>;

    /// Nothing else is known: more was written than is noted one by one, or something that may
    /// concern everybody, such as a user or a stage.
    bool everything = true;
    bool deals = false;  // an opportunity or its history
    bool runs = false;   // of the runs of sources some are no longer there
    Ids opportunities, accounts, tasks;
    Ids owners;    // users, of opportunities and accounts
    Ids contacts;  // of activities and of roles
    Ids editors;   // users who changed close dates
    /// As they were called or are called; their ids, for what names a contact by it.
    std::set<std::string> contact_names;
    /// E-mails beside which others may have become mass mail, or no more.
    struct Mail {
        std::int64_t source = 0;
        std::string owner, subject;
        std::int64_t sent_at = 0;
    };
    std::vector<Mail> mails;
    /// Moments after the last look at which something takes effect that is stored already.
    std::set<std::int64_t> moments;

    bool is_nothing() const;
    std::size_t size() const;
};

/// Notes what one connection writes, whichever code does it: SQLite tells every row. What is rolled
/// back stays noted, which costs time and nothing else. On the thread of the connection, which must
/// not outlive this.
class ChangeNotes {
public:
    /// More than this is everything.
    static constexpr std::size_t most = 20'000;

    explicit ChangeNotes(Database& database);
    ~ChangeNotes();
    ChangeNotes(const ChangeNotes&) = delete;
    ChangeNotes& operator=(const ChangeNotes&) = delete;

    /// What was noted since the last call; at first everything. `now` is the moment that the caller
    /// looks at.
    Changes take(Instant now);

private:
    struct Table;
    struct Hook;
    sqlite3* handle_;
    std::unique_ptr<Hook> hook_;
};

}  // namespace nudged::warehouse
