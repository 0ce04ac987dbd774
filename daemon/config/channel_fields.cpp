// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/channel_fields.hpp"

#include "connectors/channels/catalog.hpp"

namespace nudged::config {

using channels::ChannelOptions;
using channels::FileOptions;
using channels::SlackOptions;

bool Codec<ChannelOptions>::read(const toml::node& node, ChannelOptions& out, const Spot& spot) {
    const auto* table = node.as_table();
    if (!table) {
        spot.wrong_type(node, "a table", "write [channel], and one channel a file");
        return false;
    }
    const auto* kind = table->get("kind");
    const auto name = kind ? kind->value_exact<std::string>() : std::nullopt;
    if (name == "slack") {
        SlackOptions slack;
        read_table(*table, spot, out, slack);
        out.kind_options = std::move(slack);
    } else if (name == "file") {
        FileOptions file;
        read_table(*table, spot, out, file);
        out.kind_options = std::move(file);
    } else {
        // Which keys are known depends on the kind: no word about them here.
        read_fields(*table, spot, out);
        if (!name) return true;
        std::vector<std::string> known;
        for (const auto& one : channels::catalog()) known.emplace_back(one.name);
        spot.error(*kind, fmt::format("there is no kind of channel \"{}\"", *name),
                   suggest(*name, known));
    }
    return true;
}

std::optional<Value> Codec<ChannelOptions>::write(const ChannelOptions& channel) {
    Table table;
    write_fields(channel, table);
    if (const auto* slack = std::get_if<SlackOptions>(&channel.kind_options))
        write_fields(*slack, table);
    if (const auto* file = std::get_if<FileOptions>(&channel.kind_options))
        write_fields(*file, table);
    return Value::of(std::move(table));
}

}  // namespace nudged::config
