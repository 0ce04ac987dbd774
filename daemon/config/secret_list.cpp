// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/secret_list.hpp"

#include "daemon/config/channel_fields.hpp"
#include "daemon/config/daemon_fields.hpp"
#include "daemon/config/source_fields.hpp"

namespace nudged::config {
namespace {

using Found = std::vector<NamedSecret>;

void add(const std::string& owner, std::string key, const Secret& secret, Found& found) {
    if (!secret.origin().empty()) found.push_back({owner, std::move(key), &secret});
}

/// The rows of a struct say which of its members are secrets.
template <typename T>
void add_secrets(const std::string& owner, const T& options, Found& found) {
    const auto look = [&](const auto& row) {
        const auto& value = options.*row.member;
        using Value = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, Secret>)
            add(owner, std::string{row.key}, value, found);
        else if constexpr (std::is_same_v<Value, std::map<std::string, Secret>>)
            for (const auto& [name, secret] : value)
                add(owner, fmt::format("{}.{}", row.key, name), secret, found);
    };
    std::apply([&](const auto&... row) { (look(row), ...); }, fields<T>);
}

}  // namespace

std::vector<NamedSecret> find_secrets(const Config& config) {
    Found found;
    add_secrets("nudged", config.daemon, found);
    for (const auto& source : config.sources)
        std::visit(
            [&]<typename Options>(const Options& options) {
                if constexpr (Bound<Options>) add_secrets("source " + source.name, options, found);
            },
            source.connector_options);
    for (const auto& channel : config.channels)
        std::visit(
            [&]<typename Options>(const Options& options) {
                const auto owner = "channel " + channel.name;
                if constexpr (Bound<Options>) add_secrets(owner, options, found);
                if constexpr (requires { options.token.client_secret; })
                    add_secrets(owner, options.token, found);
            },
            channel.kind_options);
    return found;
}

std::string file_of(const Secret& secret) {
    Diagnostics ignored;
    const auto table = parse_toml("origin = " + secret.origin(), "origin", ignored);
    const auto* file = table ? find_dotted(*table, "origin.file") : nullptr;
    return file ? file->value_or(std::string{}) : std::string{};
}

}  // namespace nudged::config
