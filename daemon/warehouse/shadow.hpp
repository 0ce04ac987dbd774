// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::warehouse {

enum class ShadowKind { team, check };
std::string_view to_string(ShadowKind kind);

/// A team or a check that nudged has come to know, and since when others than the admin are told of
/// its findings.
struct ShadowEntry {
    ShadowKind kind{};
    std::string name;
    Instant since{};                 // when it became known
    std::optional<Instant> live_at;  // empty: in shadow
    std::string live_by;             // empty: it never was in shadow
};

/// Who and what is in shadow: their messages go to the admin alone.
class ShadowBook {
public:
    ShadowBook() = default;
    explicit ShadowBook(const std::vector<ShadowEntry>& entries);

    bool has_team(std::string_view team) const { return teams_.contains(team); }
    bool is_empty() const { return teams_.empty() && checks_.empty(); }
    bool has_check(std::string_view check) const { return checks_.contains(check); }

private:
    std::set<std::string, std::less<>> teams_, checks_;
};

// Reading: any connection.

std::vector<ShadowEntry> read_shadow_entries(const Database& database);
ShadowBook read_shadow_book(const Database& database);

// Changing: the writer's thread, inside its transaction.

/// Takes up what the configuration knows: what is new begins in shadow, or live. The checks of the
/// very first time, of a new warehouse or of one from before there was a shadow, are live.
void note_known(Database& database, const std::set<std::string>& teams,
                const std::set<std::string>& checks, bool in_shadow, Instant now);
/// False when it is not in shadow.
bool go_live(Database& database, ShadowKind kind, std::string_view name, std::string_view by,
             Instant now);

}  // namespace nudged::warehouse
