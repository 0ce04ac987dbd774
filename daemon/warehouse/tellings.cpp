// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/tellings.hpp"

namespace nudged::warehouse {

std::vector<Telling> read_tellings(const Reader& reader, Instant decided_at,
                                   std::string_view team) {
    auto rows = reader.database().prepare(R"sql(
SELECT id, reason, channel, recipient, state, instr(message, ?2) > 0 AS names_team FROM outbox
 WHERE created_at = ?1 AND edits IS NULL AND state <> 'superseded' ORDER BY names_team DESC, id)sql");
    rows.bind(1, decided_at).bind(2, team);
    std::vector<Telling> tellings;
    bool named = false;
    while (rows.step()) {
        if (named && rows.integer(5) == 0) break;
        named = rows.integer(5) != 0;
        tellings.push_back({OutboxId{rows.integer(0)}, std::string{rows.text(1)},
                            std::string{rows.text(2)}, std::string{rows.text(3)},
                            parse_outbox_state(rows.text(4)).value_or(OutboxState::pending)});
    }
    return tellings;
}

}  // namespace nudged::warehouse
