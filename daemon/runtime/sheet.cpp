// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/sheet.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/sources/coaching_rows.hpp"

#include <fmt/format.h>

namespace nudged::runtime {
namespace {

/// More than a team of thousands writes in years.
constexpr std::size_t most_rows = 100'000;

}  // namespace

std::string row_text(const SheetRow& row) {
    std::string text;
    if (const auto record = row.find("crm"); record != row.end()) text = record->second;
    for (const auto* name : {"rep", "kpi", "from", "to", "week"})
        if (const auto cell = row.find(name); cell != row.end())
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, cell->second);
    return text.empty() ? "a row that says nothing" : text;
}

asio::awaitable<SheetRows> read_sheet(sources::Source& source) {
    SheetRows sheet;
    model::Cursor at;
    for (bool more = true; more;) {
        const auto page = co_await source.fetch_page(source.streams().front(), at);
        for (const auto& record : page.records) sheet.rows.push_back(sources::cells_of(record));
        for (const auto& malformed : page.malformed)
            sheet.problems.push_back(fmt::format("{}: {}", malformed.where, malformed.what));
        if (sheet.rows.size() > most_rows)
            throw Failure(
                FailureKind::refused,
                fmt::format("the sheet has more than {} rows; keep those of this year", most_rows));
        at = page.cursor;
        more = page.more;
    }
    co_return sheet;
}

}  // namespace nudged::runtime
