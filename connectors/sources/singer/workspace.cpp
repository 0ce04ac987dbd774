// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/singer/workspace.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/sources/singer/spawn.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <unistd.h>

namespace nudged::sources::singer {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw Failure(FailureKind::transient, fmt::format("{}: {}", what, std::strerror(errno)));
}

}  // namespace

Workspace::Workspace() {
    std::error_code error;
    const auto parent = std::filesystem::temp_directory_path(error);
    folder_ = (error ? "/tmp" : parent.string()) + "/nudged-tap-XXXXXX";
    if (!::mkdtemp(folder_.data())) {
        folder_.clear();
        fail("no private folder can be made for the tap");
    }
}

Workspace::~Workspace() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

std::string Workspace::write(const std::string& name, const std::string& text) const {
    auto path = folder_ + "/" + name;
    const Descriptor file{::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600)};
    if (file.get() < 0) fail(fmt::format("{} cannot be written", path));
    for (std::string_view rest = text; !rest.empty();) {
        const auto count = ::write(file.get(), rest.data(), rest.size());
        if (count < 0 && errno != EINTR) fail(fmt::format("{} cannot be written", path));
        if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
    }
    return path;
}

}  // namespace nudged::sources::singer
