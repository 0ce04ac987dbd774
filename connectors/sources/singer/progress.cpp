// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/singer/progress.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

namespace nudged::sources::singer {
namespace {

constexpr std::string_view heading = "page\t";
constexpr std::string_view version_row = "version";
constexpr std::string_view state_row = "state";

}  // namespace

std::string render_floor(const Progress& progress) {
    std::string text;
    for (const auto& [stream, versions] : progress.versions)
        text +=
            fmt::format("{}\t{}\t{}\t{}\n", version_row, stream, versions.active, versions.open);
    if (!progress.state.empty()) text += fmt::format("{}\t{}\n", state_row, progress.state);
    return text;
}

std::string render_position(const Progress& progress, std::string_view run, std::uint64_t page) {
    return fmt::format("{}{}\t{}\n{}", heading, run, page, render_floor(progress));
}

Progress parse_progress(const model::Cursor& cursor) {
    Progress progress;
    std::string_view text = cursor.position.empty() ? cursor.floor : cursor.position;
    for (; !text.empty(); text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1)) {
        const auto line = text.substr(0, text.find('\n'));
        const auto tab = line.find('\t');
        if (line.starts_with(heading) || tab == line.npos) continue;
        if (line.substr(0, tab) == state_row) progress.state = line.substr(tab + 1);
        const auto cells = split(line, '\t');
        if (cells.size() == 4 && cells[0] == version_row)
            progress.versions[std::string{cells[1]}] = {std::string{cells[2]},
                                                        std::string{cells[3]}};
    }
    return progress;
}

}  // namespace nudged::sources::singer
