// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/csv/input.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

namespace nudged::sources::csv {
namespace {

[[noreturn]] void fail(FailureKind kind, const std::string& path, int error) {
    throw Failure(kind,
                  fmt::format("cannot read {}: {}", path, std::generic_category().message(error)));
}

}  // namespace

Input Input::open(const std::string& path) {
    // Without O_NONBLOCK the open of a FIFO would wait for its writer.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) fail(FailureKind::needs_person, path, errno);
    Input input;
    input.path_ = path;
    input.descriptor_ = descriptor;
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) fail(FailureKind::transient, path, errno);
    if (!S_ISREG(status.st_mode))
        throw Failure(FailureKind::needs_person, fmt::format("{} is not a file", path));
    return input;
}

Input Input::of(std::shared_ptr<const std::string> body) {
    Input input;
    input.body_ = std::move(body);
    return input;
}

Input::Input(Input&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      body_(std::move(other.body_)) {}

Input::~Input() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::size_t Input::read_at(std::uint64_t offset, std::span<char> into) const {
    if (body_) {
        if (offset >= body_->size()) return 0;
        const auto start = static_cast<std::size_t>(offset);
        const std::size_t taken = std::min(into.size(), body_->size() - start);
        std::memcpy(into.data(), body_->data() + start, taken);
        return taken;
    }
    std::size_t taken = 0;
    while (taken < into.size()) {
        const auto got = ::pread(descriptor_, into.data() + taken, into.size() - taken,
                                 static_cast<off_t>(offset + taken));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail(FailureKind::transient, path_, errno);
        if (got == 0) break;
        taken += static_cast<std::size_t>(got);
    }
    return taken;
}

std::string Input::stamp() const {
    if (body_) return {};
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) fail(FailureKind::transient, path_, errno);
    return fmt::format("{}:{}.{:09}", status.st_size, status.st_mtim.tv_sec,
                       status.st_mtim.tv_nsec);
}

std::string Input::content_fingerprint() const {
    if (body_) return fingerprint(*body_);
    // A chain: each piece is hashed together with the fingerprint of what came before it.
    constexpr std::size_t piece = 1024 * 1024;
    std::string chain = fingerprint("");
    std::vector<char> buffer(chain.size() + piece);
    for (std::uint64_t offset = 0;;) {
        std::copy(chain.begin(), chain.end(), buffer.begin());
        const std::size_t got = read_at(offset, std::span{buffer}.subspan(chain.size()));
        if (got == 0) return chain;
        chain = fingerprint({buffer.data(), chain.size() + got});
        offset += got;
    }
}

}  // namespace nudged::sources::csv
