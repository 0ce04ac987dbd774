// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/accounts.hpp"

namespace nudged::warehouse {

std::vector<OwnedAccount> read_owned_accounts(const Reader& reader, Instant as_of) {
    auto rows = reader.database().prepare(R"sql(
SELECT s.name, a.external_id, a.name, a.url, a.type, u.person_id, a.created_at
  FROM account a
  JOIN source s ON s.id = a.source_id
  JOIN user u ON u.source_id = a.source_id AND u.external_id = a.owner
 WHERE u.person_id IS NOT NULL AND (a.deleted_at IS NULL OR a.deleted_at > ?1)
   AND (a.created_at IS NULL OR a.created_at <= ?1)
 ORDER BY a.source_id, a.external_id)sql");
    rows.bind(1, to_millis(as_of));
    std::vector<OwnedAccount> accounts;
    while (rows.step()) {
        OwnedAccount account;
        account.key = {std::string{rows.text(0)}, std::string{rows.text(1)}};
        account.name = rows.text(2);
        account.url = rows.text(3);
        account.type = rows.text(4);
        account.owner = PersonId{rows.integer(5)};
        if (const auto created = rows.maybe_integer(6)) account.created_at = from_millis(*created);
        accounts.push_back(std::move(account));
    }
    return accounts;
}

}  // namespace nudged::warehouse
