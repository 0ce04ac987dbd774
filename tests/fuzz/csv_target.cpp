// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "connectors/sources/csv/flow.hpp"
#include "tests/fuzz/targets.hpp"

#include <memory>
#include <vector>

namespace nudged::fuzz {
namespace {

using namespace sources;

/// Tables as admins have them, behind links, so that their bodies need no file.
SourceOptions options_of(const char* encoding, char delimiter) {
    CsvTable table;
    table.file = "https://tables.example/deals.csv";
    table.entity = "opportunity";
    table.delimiter = delimiter;
    table.encoding = encoding;
    table.complete = true;
    table.id.from = {"id"};
    table.modified.from = {"modified"};
    table.map["name"].from = {"name", "title"};
    table.map["amount"].from = {"amount"};
    table.map["close_date"].from = {"close"};
    table.map["close_date"].format = "%d.%m.%Y";
    table.map["owner"].join = "{team}/{owner}";
    table.extra["colour"].from = {"colour"};
    table.where.push_back({"kind", {}, {"draft"}, {}});
    CsvSourceOptions csv;
    csv.tables = {table};
    csv.folder = "/";
    SourceOptions options;
    options.name = "tables";
    options.connector = "csv";
    options.connector_options = csv;
    return options;
}

std::vector<csv::Flow> all_flows() {
    std::vector<csv::Flow> flows;
    Diagnostics problems;
    for (const auto* encoding : {"utf-8", "latin-1", "windows-1252"})
        for (const char delimiter : {',', ';'})
            for (auto& flow : csv::compile_flows(options_of(encoding, delimiter), problems))
                flows.push_back(std::move(flow));
    promise(!problems.has_errors(), problems.str());
    return flows;
}

void read_whole(const csv::Flow& flow, const csv::Downloads& downloads) {
    csv::Walk walk;
    walk.versions = csv::look_at(flow, downloads, {});
    for (bool begins = true, more = true; more; begins = false) {
        model::Page page;
        csv::read_page(flow, downloads, walk, begins, page);
        more = page.more;
        if (!more) continue;
        const auto again = csv::parse_position(page.cursor.position);
        promise(again && again->offset > 0, "a page that is not the last has a position");
        promise(!page.records.empty() || page.malformed_count > 0 || again->rows > 0,
                "a page moves on");
        walk = *again;
    }
}

}  // namespace

/// The first byte chooses encoding and delimiter; the rest is the table.
void fuzz_csv(std::string_view input) {
    static const auto flows = all_flows();
    if (input.empty()) return;
    const auto& flow = flows[static_cast<unsigned char>(input.front()) % flows.size()];
    input.remove_prefix(1);
    const csv::Downloads downloads{{std::make_shared<const std::string>(input), "", ""}};
    try {
        read_whole(flow, downloads);
        model::Page page;
        csv::read_records(flow, downloads, {"1", "D-7"}, page);
    } catch (const Failure&) {
        // No header, or not the columns that are mapped.
    }
    csv::parse_floor(input);
    csv::parse_position(input);
}

}  // namespace nudged::fuzz
