// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/catalog.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace nudged;
using channels::Outcome;
namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

struct Folder {
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "nudged-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
    }
    ~Folder() { fs::remove_all(path); }
    fs::path path;
};

struct FileChannel {
    explicit FileChannel(const fs::path& path, const std::string& format = "text") {
        channels::ChannelOptions options;
        options.name = "log";
        options.kind = "file";
        options.kind_options = channels::FileOptions{path.string(), format};
        channel = channels::find_kind("file")->make(options, http);
    }
    channels::SendOutcome send(const std::string& payload) {
        const std::string key = "key";
        auto sent = asio::co_spawn(loop, channel->send(payload, key), asio::use_future);
        loop.restart();
        loop.run();
        return sent.get();
    }

    asio::io_context loop;
    net::HttpClient http{loop.get_executor()};
    std::unique_ptr<channels::Channel> channel;
};

std::string contents(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("messages are appended to a file that only its owner may read") {
    const Folder folder;
    const auto path = folder.path / "digests.txt";
    FileChannel file(path);
    CHECK(file.send("one\n").outcome == Outcome::delivered);
    CHECK(file.send("two\n").outcome == Outcome::delivered);
    CHECK(contents(path) == "one\ntwo\n");
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE("in JSON a message is one line that reads back as it was") {
    const Folder folder;
    FileChannel file(folder.path / "digests.jsonl", "json");
    model::Message message;
    message.title = "two\nlines";
    const auto payload = file.channel->render(message);
    CHECK(std::count(payload.begin(), payload.end(), '\n') == 1);
    CHECK(model::parse_message(payload).title == "two\nlines");
    CHECK_FALSE(file.channel->simplify(payload));
}

TEST_CASE("a path that cannot be written needs a person, a full disk does not") {
    const Folder folder;
    CHECK(FileChannel(folder.path / "missing" / "x").send("x").outcome ==
          Outcome::refused_destination);
    CHECK(FileChannel(folder.path).send("x").outcome == Outcome::refused_destination);
    const auto full = FileChannel("/dev/full").send("x");
    CHECK(full.outcome == Outcome::transient);
    CHECK(full.reason == "cannot write to the file: No space left on device");
}
