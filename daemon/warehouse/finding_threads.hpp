// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/findings.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace nudged::warehouse {

/// Row of the table `finding_thread`.
enum class FindingThreadId : std::int64_t {};

/// The key of the message that began the thread, by the finding, the channel and the recipient.
using OpenThreads = std::map<std::tuple<FindingId, std::string, std::string>, std::string>;

/// A message of its own that can be edited, and the findings that it was the first to tell.
struct ThreadStart {
    struct Member {
        FindingThreadId id{};
        StoredFinding stored;  // with its answer
        std::string shown;     // what the message says has come of it; empty: nothing
    };
    std::string key;
    std::string channel;
    std::string recipient;
    std::string message;  // as it was decided: model::to_json
    std::vector<Member> members;
};

// Reading: any connection.

/// Of findings that hold, where the first message has arrived and can be replied to, or is still on
/// its way.
OpenThreads read_open_threads(const Database& database);
/// The thread of one finding with one recipient; empty: there is none.
std::string read_thread(const Database& database, FindingId id, std::string_view channel,
                        std::string_view recipient);

/// Messages that can be edited, of which any finding holds or has been resolved since then.
std::vector<ThreadStart> read_thread_starts(const Database& database, Instant since);
/// The same of one finding.
std::vector<ThreadStart> read_thread_starts(const Database& database, FindingId id);

// Changing: the writer's thread, inside its transaction.

/// They are in a message of its own that has just been decided: it begins their thread with its
/// recipient, unless they have one.
void note_thread(Database& database, std::span<const FindingId> ids, std::string_view message);
/// No reply to that message could be delivered: the next message begins a thread of its own.
void end_thread(Database& database, std::string_view message);
/// False when somebody else has changed meanwhile what it shows.
bool note_shown(Database& database, const ThreadStart::Member& member, std::string_view shown);

}  // namespace nudged::warehouse
