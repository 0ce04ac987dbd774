// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/dialect.hpp"

#include <array>
#include <stdexcept>

namespace nudged::crmsim {
namespace {

constexpr std::array rows{
    DialectRow{"close", make_close},
    DialectRow{"copper", make_copper},
    DialectRow{"freshsales", make_freshsales},
    DialectRow{"google-sheets", make_google_sheets},
    DialectRow{"hubspot", make_hubspot},
    DialectRow{"pipedrive", make_pipedrive},
    DialectRow{"zoho", make_zoho},
    DialectRow{"dynamics365", make_dynamics365},
    DialectRow{"salesforce", make_salesforce},
    DialectRow{"tally", make_tally},
    DialectRow{"zendesk-sell", make_zendesk_sell},
};

}  // namespace

std::span<const DialectRow> dialects() {
    return rows;
}

std::unique_ptr<Dialect> make_dialect(std::string_view name, const DialectContext& context) {
    for (const auto& row : rows)
        if (row.name == name) return row.make(context);
    throw std::invalid_argument("there is no dialect \"" + std::string{name} + "\"");
}

}  // namespace nudged::crmsim
