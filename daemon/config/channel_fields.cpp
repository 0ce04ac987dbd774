// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/channel_fields.hpp"

#include "connectors/channels/catalog.hpp"

namespace nudged::config {

using channels::ChannelOptions;

namespace {

/// Which keys a kind has, beside those of every channel.
struct KindKeys {
    std::string_view kind;
    void (*read)(const toml::table& table, const Spot& spot, ChannelOptions& out);
    Shape (*shape)();
};

template <typename Options>
void read_kind(const toml::table& table, const Spot& spot, ChannelOptions& out) {
    Options options;
    read_table(table, spot, out, options);
    out.kind_options = std::move(options);
}

void read_smtp(const toml::table& table, const Spot& spot, ChannelOptions& out) {
    channels::SmtpOptions options;
    read_table(table, spot, out, options, options.token, options.mail);
    out.kind_options = std::move(options);
}

void read_graph(const toml::table& table, const Spot& spot, ChannelOptions& out) {
    channels::GraphOptions options;
    read_table(table, spot, out, options, options.mail);
    out.kind_options = std::move(options);
}

constexpr std::array kind_keys{
    KindKeys{"slack", read_kind<channels::SlackOptions>,
             table_shape<ChannelOptions, channels::SlackOptions>},
    KindKeys{"file", read_kind<channels::FileOptions>,
             table_shape<ChannelOptions, channels::FileOptions>},
    KindKeys{"slack_workflow", read_kind<channels::SlackWorkflowOptions>,
             table_shape<ChannelOptions, channels::SlackWorkflowOptions>},
    KindKeys{"slack_bot", read_kind<channels::SlackBotOptions>,
             table_shape<ChannelOptions, channels::SlackBotOptions>},
    KindKeys{"teams", read_kind<channels::TeamsOptions>,
             table_shape<ChannelOptions, channels::TeamsOptions>},
    KindKeys{"webhook", read_kind<channels::WebhookOptions>,
             table_shape<ChannelOptions, channels::WebhookOptions>},
    KindKeys{"google_chat", read_kind<channels::GoogleChatOptions>,
             table_shape<ChannelOptions, channels::GoogleChatOptions>},
    KindKeys{"alertmanager", read_kind<channels::AlertmanagerOptions>,
             table_shape<ChannelOptions, channels::AlertmanagerOptions>},
    KindKeys{"command", read_kind<channels::CommandOptions>,
             table_shape<ChannelOptions, channels::CommandOptions>},
    KindKeys{"smtp", read_smtp,
             table_shape<ChannelOptions, channels::SmtpOptions, channels::TokenOptions,
                         channels::MailOptions>},
    KindKeys{"graph", read_graph,
             table_shape<ChannelOptions, channels::GraphOptions, channels::MailOptions>},
};

}  // namespace

bool Codec<ChannelOptions>::read(const toml::node& node, ChannelOptions& out, const Spot& spot) {
    const auto* table = node.as_table();
    if (!table) {
        spot.wrong_type(node, "a table", "write [channel], and one channel a file");
        return false;
    }
    const auto* kind = table->get("kind");
    const auto name = kind ? kind->value_exact<std::string>() : std::nullopt;
    const auto known = std::find_if(kind_keys.begin(), kind_keys.end(),
                                    [&](const KindKeys& row) { return row.kind == name; });
    if (known != kind_keys.end()) {
        known->read(*table, spot, out);
        return true;
    }
    // Which keys are known depends on the kind: no word about them here.
    read_fields(*table, spot, out);
    if (!name) return true;
    std::vector<std::string> kinds;
    for (const auto& one : channels::catalog()) kinds.emplace_back(one.name);
    spot.error(*kind, fmt::format("there is no kind of channel \"{}\"", *name),
               suggest(*name, kinds));
    return true;
}

Shape Codec<ChannelOptions>::shape() {
    std::vector<Shape> kinds;
    for (const auto& row : kind_keys) {
        auto kind = row.shape();
        for (auto& key : kind.keys)
            if (key.name == "kind") key.shape = Shape::one_of({std::string{row.kind}});
        kinds.push_back(std::move(kind));
    }
    return Shape::either(std::move(kinds));
}

std::optional<Value> Codec<ChannelOptions>::write(const ChannelOptions& channel) {
    Table table;
    write_fields(channel, table);
    const auto write = [&]<typename Options>(const Options& options) {
        if constexpr (!std::is_same_v<Options, std::monostate>) write_fields(options, table);
        if constexpr (requires { options.token.token_url; }) write_fields(options.token, table);
        if constexpr (requires { options.mail; }) write_fields(options.mail, table);
    };
    std::visit(write, channel.kind_options);
    return Value::of(std::move(table));
}

}  // namespace nudged::config
