// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/toml.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace nudged {
namespace {

constexpr std::uintmax_t max_file_bytes = 16 * 1024 * 1024;

Place place_at(const toml::source_position& position, const std::string& file) {
    return {file, static_cast<int>(position.line), static_cast<int>(position.column)};
}

}  // namespace

std::optional<toml::table> parse_toml(std::string_view text, const std::string& name,
                                      Diagnostics& problems) {
    try {
        return toml::parse(text, name);
    } catch (const toml::parse_error& error) {
        problems.error(place_at(error.source().begin, name),
                       "the syntax is wrong: " + std::string{error.description()});
        return std::nullopt;
    }
}

std::optional<toml::table> read_toml(const std::filesystem::path& file, const std::string& name,
                                     Diagnostics& problems) {
    std::error_code none;
    if (std::filesystem::is_directory(file, none)) {
        problems.error({name}, "is a folder", "name a file");
        return std::nullopt;
    }
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        problems.error({name}, std::string{"cannot be read: "} + std::strerror(errno));
        return std::nullopt;
    }
    if (const auto size = std::filesystem::file_size(file, none); !none && size > max_file_bytes) {
        problems.error({name}, "is larger than 16 MiB", "split it");
        return std::nullopt;
    }
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    return parse_toml(text, name, problems);
}

Place place_of(const toml::node& node, const std::string& file) {
    return place_at(node.source().begin, file);
}

Place place_of(const toml::key& key, const std::string& file) {
    return place_at(key.source().begin, file);
}

}  // namespace nudged
