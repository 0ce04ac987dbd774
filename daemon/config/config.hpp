// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/base/event.hpp"
#include "connectors/channels/options.hpp"
#include "connectors/sources/options.hpp"
#include "connectors/sources/token_store.hpp"
#include "daemon/alerts/options.hpp"
#include "daemon/checks/options.hpp"
#include "daemon/config/secrets.hpp"
#include "daemon/warehouse/backup.hpp"
#include "daemon/warehouse/people.hpp"
#include "daemon/warehouse/store_rules.hpp"
#include "daemon/web/options.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::config {

/// nudged.toml's own keys.
struct DaemonOptions {
    std::string state_dir;       // $NUDGED_STATE_DIR wins, then $STATE_DIRECTORY, then this
    std::string manifest_dir;    // empty: beside the installed program, or in the source tree
    std::string control_socket;  // empty: nudged.sock in the runtime or state folder
    Level log_level = Level::info;
    std::string log_format = "auto";  // auto (journal priorities under systemd), text or json
    std::chrono::seconds evaluate_every{300};
    std::string admin_channel;  // where the admin is told of sources that need a person; or empty
    Secret heartbeat_url;       // told after each good cycle; empty: nobody is
    Secret token_key;  // what the sources' tokens are encrypted under; empty: a file beside them
};

/// The whole configuration, checked. Immutable once loaded: shared by whoever runs on it.
struct Config {
    std::filesystem::path file;
    DaemonOptions daemon;
    web::WebOptions web;
    std::vector<sources::SourceOptions> sources;
    std::vector<channels::ChannelOptions> channels;
    warehouse::Roster roster;
    checks::CheckOptions checks;
    std::map<std::string, Place> check_places;  // of what checks.toml and --set say, by dotted key
    alerts::AlertOptions alerts;
    warehouse::BackupOptions backup;  // its folder resolved
    warehouse::RetentionOptions retention;

    std::filesystem::path warehouse_path() const;  // nudged.db in the state folder
    sources::TokenFolder token_folder() const;     // tokens/ in the state folder
    std::string control_socket_path() const;
};

struct Loaded {
    std::shared_ptr<const Config> config;  // null when there are errors
    Diagnostics problems;                  // warnings may stand beside a configuration
};

/// Reads nudged.toml and the files beside it; checks every key, reference and secret. Never throws
/// for what an admin wrote. `overrides` are KEY=VALUE pairs over checks.toml
/// ("opp.stalled.multiple=1.5").
Loaded load(const std::filesystem::path& file, const std::vector<std::string>& overrides = {},
            Secrets secrets = Secrets::required);

/// What a command needs to know that must not fail over what is wrong in other files: one that
/// reaches the daemon, or writes a new source beside one that is half written.
struct Paths {
    std::string control_socket;  // where the daemon of this configuration listens
    std::string manifest_dir;    // where the manifests that ship lie
};
/// As far as the main file can be read; else the defaults.
Paths find_paths(const std::filesystem::path& file);

/// One key that a check goes by.
struct Setting {
    std::string key;     // "opp.stalled.multiple"
    std::string value;   // as TOML
    std::string origin;  // "default", "checks.toml:12", "--set"
};
/// Those of one check, its own first, then those of all checks; what `overrides` say is laid over
/// them, in their order.
std::vector<Setting> check_settings(const Config& config, std::string_view check,
                                    std::span<const checks::Override* const> overrides = {});

/// The catalogue as a manual: what fires, what it shows, what clears it, where it is known to be
/// wrong, and every setting with its default. docs/checks.md ends with it.
std::string render_check_manual();

/// Every key with its value, as TOML; secrets as where they come from.
std::string show(const Config& config);

}  // namespace nudged::config
