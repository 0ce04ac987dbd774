// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/unknown_owners.hpp"

namespace nudged::warehouse {

std::vector<UnknownOwner> read_unknown_owners(const Reader& reader) {
    auto rows = reader.database().prepare("SELECT source, owner_id, entity, records "
                                          "FROM v_unknown_owner "
                                          "ORDER BY records DESC, source, owner_id, entity");
    std::vector<UnknownOwner> owners;
    while (rows.step())
        owners.push_back({std::string{rows.text(0)}, std::string{rows.text(1)},
                          std::string{rows.text(2)}, rows.integer(3)});
    return owners;
}

}  // namespace nudged::warehouse
