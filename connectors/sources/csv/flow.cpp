// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/csv/flow.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/coaching_rows.hpp"
#include "connectors/sources/csv/input.hpp"
#include "connectors/sources/csv/reading.hpp"
#include "connectors/sources/notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

namespace nudged::sources::csv {
namespace {

constexpr std::size_t records_per_page = 2000;
constexpr std::uint64_t bytes_per_page = 8u << 20;

bool looks_like_url(std::string_view file) {
    const std::string start = to_lower_ascii(file.substr(0, 8));
    return start.starts_with("http://") || start.starts_with("https://");
}

Input open(const TableAt& table, const Download& download) {
    return table.is_url ? Input::of(download.body) : Input::open(table.path);
}

Header header_of(const Input& input, const Table& table) {
    Diagnostics problems;
    Header header = read_header(input, table, problems);
    if (problems.has_errors()) throw Failure(FailureKind::needs_person, problems.str());
    return header;
}

/// Reads on in the walk's table; true when its end was reached, false when the page is full.
bool read_rows(const Input& input, const Table& table, Walk& walk, model::Page& page) {
    const Header header = header_of(input, table);
    if (walk.offset == 0) {
        walk.offset = header.offset;
        walk.line = header.line;
    }
    RowReader rows{input, table.delimiter(), walk.offset, walk.line};
    while (page.records.size() < records_per_page && rows.bytes_read() < bytes_per_page) {
        const Row* row = rows.next();
        if (row == nullptr) return true;
        walk.offset = rows.offset();
        walk.line = rows.line();
        if (row->is_blank()) continue;
        ++walk.rows;
        if (table.decode(*row, header.binding, page) == Table::Outcome::bad) ++walk.doubts;
    }
    return false;
}

void copy_record(const model::Record& record, model::Page& page) {
    model::Record copy = record;
    copy.id = page.keep(record.id);
    for (auto& value : copy.values)
        if (const auto* text = std::get_if<std::string_view>(&value)) value = page.keep(*text);
    page.records.push_back(copy);
}

/// Of all its tables: which of them a record comes from makes no difference.
std::string mapping_of(const Flow& flow) {
    std::string all;
    for (const auto& at : flow.tables) all += at.table.fingerprint();
    return fingerprint(all);
}

}  // namespace

std::vector<Flow> compile_flows(const SourceOptions& options, Diagnostics& problems) {
    std::vector<Flow> flows;
    const auto* csv = std::get_if<CsvSourceOptions>(&options.connector_options);
    if (csv == nullptr || csv->tables.empty()) {
        problems.error(options.place, fmt::format("the source \"{}\" has no table", options.name),
                       "add a [[table]]");
        return flows;
    }
    for (const auto& table : csv->tables) {
        // Of sources of their own.
        if (coaching_rows_of(table.entity) || table.entity == notes_stream) continue;
        const bool is_url = looks_like_url(table.file);
        const std::filesystem::path path{table.file};
        if (is_url && net::origin_of(table.file).empty())
            problems.error(table.place, "the link is no http(s) address", "correct `file`");
        else if (is_url && !net::is_loopback(table.file) &&
                 !to_lower_ascii(table.file.substr(0, 8)).starts_with("https"))
            problems.error(table.place, "the link is not encrypted", "use https");
        else if (path.filename().empty())
            problems.error(table.place, "the table has no file", "name it, or a link, in `file`");
        const std::string label = is_url ? net::redact_url(table.file) : path.filename().string();
        Table compiled{table, label, options.zone, problems};
        auto flow = std::find_if(flows.begin(), flows.end(), [&](const Flow& existing) {
            return existing.entity == compiled.entity();
        });
        if (flow == flows.end()) {
            flows.push_back({compiled.entity(), {}, true});
            flow = flows.end() - 1;
        }
        flow->is_complete = flow->is_complete && table.complete;
        const auto file = (std::filesystem::path{csv->folder} / path).lexically_normal().string();
        flow->tables.push_back({std::move(compiled), is_url ? table.file : file, is_url});
    }
    std::sort(flows.begin(), flows.end(),
              [](const Flow& a, const Flow& b) { return a.entity < b.entity; });
    return flows;
}

void check_flows(const std::vector<Flow>& flows, Diagnostics& problems) {
    for (const auto& flow : flows) {
        for (const auto& [table, path, is_url] : flow.tables) {
            if (is_url) {
                // No credential goes with a link, so it needs none from anybody else either.
                if (!net::is_loopback(path))
                    problems.warning(table.place(), "whoever knows this link can read the table",
                                     "keep the link to yourself, or read a private sheet through "
                                     "its service's API, with the connector \"http\"");
                continue;
            }
            try {
                const Input input = Input::open(path);
                read_header(input, table, problems);
            } catch (const Failure& failure) {
                problems.warning(table.place(), failure.what(),
                                 "correct `file`, or see to it that it comes");
            }
        }
    }
}

Versions look_at(const Flow& flow, const Downloads& downloads, const Versions& known) {
    Versions versions;
    for (std::size_t i = 0; i < flow.tables.size(); ++i) {
        const auto& at = flow.tables[i];
        const Version* before = i < known.size() ? &known[i] : nullptr;
        Version version;
        if (at.is_url && !downloads[i].body) {
            version = *before;  // the server said so: not modified
        } else {
            const Input input = open(at, downloads[i]);
            version.stamp = input.stamp();
            const bool untouched = !at.is_url && before && before->stamp == version.stamp;
            version.content = untouched ? before->content : input.content_fingerprint();
            version.etag = downloads[i].etag;
            version.last_modified = downloads[i].last_modified;
        }
        version.mapping = at.table.fingerprint();
        versions.push_back(std::move(version));
    }
    return versions;
}

bool read_alike(const Versions& now, const Versions& known) {
    return std::equal(now.begin(), now.end(), known.begin(), known.end(),
                      [](const Version& a, const Version& b) { return a.reads_like(b); });
}

bool has_bodies(const Flow& flow, const Downloads& downloads) {
    for (std::size_t i = 0; i < flow.tables.size(); ++i)
        if (flow.tables[i].is_url && !downloads[i].body) return false;
    return true;
}

bool files_unchanged(const Flow& flow, const Versions& versions) {
    for (std::size_t i = 0; i < flow.tables.size(); ++i) {
        const auto& at = flow.tables[i];
        if (at.table.fingerprint() != versions[i].mapping) return false;
        if (!at.is_url && Input::open(at.path).stamp() != versions[i].stamp) return false;
    }
    return true;
}

void read_page(const Flow& flow, const Downloads& downloads, Walk& walk, bool begins,
               model::Page& page) {
    page.mapping[static_cast<std::size_t>(flow.entity)] = page.keep(mapping_of(flow));
    bool full = false;
    while (!full && walk.table < flow.tables.size()) {
        const auto& at = flow.tables[walk.table];
        full = !read_rows(open(at, downloads[walk.table]), at.table, walk, page);
        if (full) break;
        if (walk.rows == 0) ++walk.doubts;
        ++walk.table;
        walk.offset = walk.rows = 0;
    }
    const bool proven = !full && files_unchanged(flow, walk.versions);
    if (flow.is_complete) page.snapshot = {begins, proven && walk.doubts == 0, {}};
    page.more = full;
    page.cursor.position = full ? render_position(walk) : std::string{};
    if (proven) page.cursor.floor = render_floor(walk.versions);
}

void read_records(const Flow& flow, const Downloads& downloads, const std::vector<std::string>& ids,
                  model::Page& page) {
    std::set<std::string, std::less<>> missing{ids.begin(), ids.end()};
    const std::set<std::string, std::less<>> wanted = missing;
    std::uint64_t doubts = 0;
    for (std::size_t i = 0; i < flow.tables.size(); ++i) {
        const Input input = open(flow.tables[i], downloads[i]);
        const Table& table = flow.tables[i].table;
        Walk walk;
        for (bool ended = false; !ended;) {
            model::Page scratch;  // what is not asked for goes with it
            ended = read_rows(input, table, walk, scratch);
            for (const auto& record : scratch.records) {
                if (!wanted.contains(record.id)) continue;
                copy_record(record, page);
                if (const auto found = missing.find(record.id); found != missing.end())
                    missing.erase(found);
            }
        }
        doubts += walk.doubts + (walk.rows == 0 ? 1 : 0);
    }
    if (!flow.is_complete || doubts > 0) return;
    for (const auto& id : missing) {
        model::Record tombstone;
        tombstone.entity = flow.entity;
        tombstone.id = page.keep(id);
        tombstone.deleted = true;
        tombstone.why = model::Gone::not_found;
        page.records.push_back(tombstone);
    }
}

}  // namespace nudged::sources::csv
