// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/note_import.hpp"

#include "connectors/sources/csv/parser.hpp"
#include "daemon/cli/care_client.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/runtime/coaching_desk.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>

namespace nudged::cli {
namespace {

std::string read_whole(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        throw Failure(FailureKind::refused,
                      fmt::format("{} cannot be read; check its name and rights", file));
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// Sums up what the parts of one file came to.
class Importer {
public:
    explicit Importer(const config::Config& config) : config_(config) {}

    runtime::CareReport run(std::string_view text) {
        sources::csv::RowParser parser(',');
        while (!text.empty()) {
            parser.feed(text);
            if (!parser.has_row()) parser.finish();
            if (!parser.has_row()) break;
            const auto& row = parser.row();
            take(text.substr(0, row.bytes), row.line);
            text.remove_prefix(std::min<std::size_t>(text.size(), row.bytes));
        }
        send();
        for (const auto* name : {"stored", "known", "refused"})
            total_.facts[name] = fmt::format("{}", sums_[name]);
        total_.sentences.push_back(fmt::format("{} stored, {} known already, {} not stored",
                                               sums_["stored"], sums_["known"], sums_["refused"]));
        if (sums_["refused"] > 0) total_.status = exit_failure;
        return std::move(total_);
    }

private:
    void take(std::string_view row, std::uint64_t line) {
        if (header_.empty()) {
            header_ = row;
            return;
        }
        if (row.size() > runtime::longest_import) {
            ++sums_["refused"];
            total_.sentences.push_back(fmt::format(
                "line {}: it is longer than {} KiB; add this note with `nudged note add`", line,
                runtime::longest_import / 1024));
            return;
        }
        if (rows_.size() + row.size() > runtime::longest_import) send();
        if (rows_.empty()) line_ = line;
        rows_ += row;
    }

    void send() {
        if (rows_.empty()) return;
        const auto report = do_care(config_, {.command = "note.import",
                                              .arguments = {{"header", header_},
                                                            {"rows", rows_},
                                                            {"line", fmt::format("{}", line_)}}});
        rows_.clear();
        if (report.facts.empty())  // the file as a whole
            throw Failure(FailureKind::refused, report.sentences.empty()
                                                    ? "the daemon did not answer"
                                                    : report.sentences.front());
        for (const auto& [name, count] : report.facts) sums_[name] += std::stoll(count);
        total_.sentences.insert(total_.sentences.end(), report.sentences.begin(),
                                report.sentences.end());
    }

    const config::Config& config_;
    std::string header_, rows_;
    std::uint64_t line_ = 0;
    std::map<std::string, std::int64_t> sums_;
    runtime::CareReport total_;
};

}  // namespace

int import_notes(const config::Config& config, const std::string& file, bool json) {
    const auto report = Importer{config}.run(read_whole(file));
    print_report(report, json);
    return report.status;
}

}  // namespace nudged::cli
