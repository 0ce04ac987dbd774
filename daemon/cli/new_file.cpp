// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/new_file.hpp"

#include "connectors/base/text.hpp"
#include "connectors/sources/http/manifest.hpp"
#include "daemon/cli/source_command.hpp"

#include <fcntl.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

namespace nudged::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_write(const fs::path& file, const std::string& why) {
    give_up(exit_failure, fmt::format("{}: {}; do it as somebody who may (sudo), or name another "
                                      "folder",
                                      file.string(), why));
}

}  // namespace

void check_is_new(const fs::path& file) {
    std::error_code error;
    if (fs::exists(file, error))
        give_up(exit_failure, fmt::format("{}: the file exists, and is left as it is; choose "
                                          "another NAME, or move the file away",
                                          file.string()));
}

void write_new(const fs::path& file, const std::string& text) {
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.close();
    if (!out) cannot_write(file, "cannot be written");
    fmt::print("wrote {}\n", file.string());
}

void write_secret(const fs::path& file, const std::string& secret) {
    check_is_new(file);
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    const int descriptor =
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) cannot_write(file, std::strerror(errno));
    // The group of /etc/nudged is the service's: root writes what it may read.
    struct stat folder {};
    if (::stat(file.parent_path().c_str(), &folder) == 0 && folder.st_gid != 0 &&
        ::fchown(descriptor, static_cast<uid_t>(-1), folder.st_gid) == 0)
        ::fchmod(descriptor, 0640);
    const auto text = secret + "\n";
    const bool is_written =
        ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (::close(descriptor) != 0 || !is_written) cannot_write(file, "cannot be written whole");
    fmt::print("wrote {} (readable by nudged alone)\n", file.string());
}

std::vector<std::string> shipped_manifests(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
    std::ranges::sort(names);
    return names;
}

std::string read_shipped(const std::string& name, const fs::path& folder) {
    const auto names = shipped_manifests(folder);
    if (std::ranges::count(names, name) == 0) {
        const auto near = nearest(name, names);
        give_up(exit_usage,
                fmt::format("no manifest \"{}\" ships; {} For another CRM there is `nudged source "
                            "new NAME --blank`",
                            name,
                            near.empty() ? fmt::format("there is {}.", fmt::join(names, ", "))
                                         : fmt::format("did you mean \"{}\"?", near)));
    }
    std::ifstream in(sources::manifest_file(name, folder.string()), std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace nudged::cli
