// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/paths.hpp"

#include <fmt/format.h>
#include <sys/un.h>

#include <cstdlib>
#include <variant>

namespace nudged::config {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> environment_path(const char* name) {
    const char* value = std::getenv(name);
    if (!value || !*value) return std::nullopt;
    // systemd separates several folders by colons; the first one is the service's own.
    const std::string_view text{value};
    return fs::absolute(text.substr(0, text.find(':'))).lexically_normal();
}

fs::path state_folder(const DaemonOptions& options, const fs::path& config_folder) {
    if (const auto own = environment_path("NUDGED_STATE_DIR")) return *own;
    if (const auto systemd = environment_path("STATE_DIRECTORY")) return *systemd;
    return (config_folder / options.state_dir).lexically_normal();
}

fs::path control_socket(const DaemonOptions& options, const fs::path& config_folder,
                        const fs::path& state) {
    if (!options.control_socket.empty())
        return (config_folder / options.control_socket).lexically_normal();
    return environment_path("RUNTIME_DIRECTORY").value_or(state) / "nudged.sock";
}

/// Installed, they lie in PREFIX/share; built, in the source tree around the build folder.
fs::path find_manifests() {
    std::error_code error;
    const auto program = fs::read_symlink("/proc/self/exe", error);
    for (auto folder = program.parent_path(); folder != folder.root_path();
         folder = folder.parent_path())
        for (const auto* place : {"share/nudged/manifests", "connectors/manifests"})
            if (fs::is_directory(folder / place, error)) return folder / place;
    return "/usr/share/nudged/manifests";
}

}  // namespace

void resolve_paths(Config& config, Diagnostics& problems) {
    auto& daemon = config.daemon;
    const auto folder = config.file.parent_path();
    const auto state = state_folder(daemon, folder);
    const auto socket = control_socket(daemon, folder, state);
    daemon.state_dir = state.string();
    daemon.control_socket = socket.string();
    daemon.manifest_dir = daemon.manifest_dir.empty()
                              ? find_manifests().string()
                              : (folder / daemon.manifest_dir).lexically_normal().string();
    auto& backups = config.backup.folder;
    backups = (backups.empty() ? state / "backups" : folder / backups).lexically_normal().string();
    for (auto& channel : config.channels)
        if (auto* file = std::get_if<channels::FileOptions>(&channel.kind_options))
            file->path = (state / file->path).lexically_normal().string();

    if (daemon.control_socket.size() >= sizeof(sockaddr_un::sun_path))
        problems.error({config.file.filename().string()},
                       fmt::format("the control socket's path is longer than {} characters: {}",
                                   sizeof(sockaddr_un::sun_path) - 1, daemon.control_socket),
                       "set control_socket to a shorter one");
}

std::filesystem::path Config::warehouse_path() const {
    return std::filesystem::path{daemon.state_dir} / "nudged.db";
}

sources::TokenFolder Config::token_folder() const {
    return {(std::filesystem::path{daemon.state_dir} / "tokens").string(), daemon.token_key, {}};
}

std::string Config::control_socket_path() const {
    return daemon.control_socket;
}

}  // namespace nudged::config
