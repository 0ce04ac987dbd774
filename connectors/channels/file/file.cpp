// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/file/file.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "connectors/channels/text.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace nudged::channels::file {
namespace {

class Descriptor {
public:
    explicit Descriptor(const std::string& path)
        : number_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK,
                         S_IRUSR | S_IWUSR)) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }

private:
    int number_;
};

SendOutcome failed(Outcome outcome, const char* doing, int error) {
    SendOutcome result;
    result.outcome = outcome;
    result.reason = fmt::format("cannot {} the file: {}", doing, std::strerror(error));
    return result;
}

bool may_pass(int error) {
    return error == ENOSPC || error == EDQUOT || error == EINTR || error == EAGAIN ||
           error == EMFILE || error == ENFILE || error == EIO;
}

SendOutcome append(const std::string& path, const std::string& payload) {
    const Descriptor file(path);
    if (file.number() < 0)
        return failed(may_pass(errno) ? Outcome::transient : Outcome::refused_destination, "open",
                      errno);
    struct stat before {};
    if (::fstat(file.number(), &before) != 0) return failed(Outcome::transient, "look at", errno);
    std::size_t written = 0;
    while (written < payload.size()) {
        const auto count =
            ::write(file.number(), payload.data() + written, payload.size() - written);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            const auto error = errno;
            // Half a message is none: taken back, it can be tried again without a repeat.
            const bool taken_back = written == 0 || ::ftruncate(file.number(), before.st_size) == 0;
            return failed(taken_back ? Outcome::transient : Outcome::ambiguous, "write to", error);
        }
        written += static_cast<std::size_t>(count);
    }
    // Devices and pipes have nothing to sync, and say so with EINVAL or EROFS.
    if (::fsync(file.number()) != 0 && errno != EINVAL && errno != EROFS)
        return failed(Outcome::ambiguous, "sync", errno);
    SendOutcome result;
    result.outcome = Outcome::delivered;
    return result;
}

class FileChannel : public Channel {
public:
    explicit FileChannel(FileOptions options) : options_(std::move(options)) {}

    std::string render(const model::Message& message) const override {
        if (options_.format == "json") return model::to_json(message) + "\n";
        return render_text(message) + "\n";
    }
    std::optional<std::string> simplify(const std::string&) const override { return std::nullopt; }
    Pace pace() const override { return {100, std::chrono::seconds{1}}; }

    asio::awaitable<SendOutcome> send(const std::string& payload, const std::string&) override {
        co_return co_await on(thread_, [&] { return append(options_.path, payload); });
    }

private:
    FileOptions options_;
    asio::thread_pool thread_{1};  // a slow disk must not stop the loop
};

std::pair<std::string, std::string> problem_of(const ChannelOptions& options) {
    const auto* file = std::get_if<FileOptions>(&options.kind_options);
    if (!file || file->path.empty())
        return {"the file channel has no path", "set path to an absolute path"};
    if (!file->path.starts_with('/'))
        return {"the path is not absolute",
                "begin it with /, as a daemon has no folder of its own"};
    if (file->format != "text" && file->format != "json")
        return {fmt::format("there is no format '{}'", file->format), "use text or json"};
    return {};
}

}  // namespace

void check(const ChannelOptions& options, Diagnostics& problems) {
    auto [what, remedy] = problem_of(options);
    if (!what.empty())
        problems.error(options.place, fmt::format("channel '{}': {}", options.name, what),
                       std::move(remedy));
}

std::unique_ptr<Channel> make(const ChannelOptions& options, net::HttpClient&) {
    const auto [what, remedy] = problem_of(options);
    if (!what.empty())
        throw Failure(FailureKind::needs_person,
                      fmt::format("channel '{}': {}: {}", options.name, what, remedy));
    return std::make_unique<FileChannel>(std::get<FileOptions>(options.kind_options));
}

}  // namespace nudged::channels::file
