// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nudged::process {

namespace asio = boost::asio;

/// A program to run.
struct Launch {
    std::vector<std::string> command;  // argv; the first is looked for in PATH, unless it is a path
    std::string folder;                // where it runs
    std::uint64_t max_memory = 0;      // bytes of address space; 0: no limit
    std::string input{};               // what it reads from its standard input
    std::vector<std::string> variables{};  // NAME=VALUE, beside what every program gets
};

/// A program that runs in a session and a process group of its own, with nothing of ours but PATH,
/// HOME, LANG, the proxies and what `Launch` gives it: no other variables, no descriptors. Lives on
/// the loop, but may be made and destroyed on any thread; the loop outlives it. Going, it kills the
/// whole group, and waits a moment for its end.
class Child {
public:
    /// Throws Failure(needs_person) when there is no such program.
    Child(const asio::any_io_executor& loop, const Launch& launch);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Waits until there is something to read or the program has ended; false when neither came
    /// about in that time.
    asio::awaitable<bool> wait(std::chrono::milliseconds patience);
    /// Waits until the program has ended, whatever it writes; false when it lives on.
    asio::awaitable<bool> wait_for_end(std::chrono::milliseconds patience);
    /// Reads what is there, without waiting; 0 when there is nothing now.
    std::size_t read_output(std::span<char> buffer);
    std::size_t read_errors(std::span<char> buffer);
    /// Standard output is closed: nothing more will come.
    bool output_closed() const;
    bool has_ended() const;
    bool is_reaped() const { return pid_ < 0; }
    /// To the whole group.
    void signal(int number) const;
    /// Of a program that has ended: kills what it left behind. Its exit status, or 128 + the signal
    /// that ended it.
    int reap();

private:
    struct Io;

    asio::awaitable<void> sleep(std::chrono::milliseconds patience);
    void close_all();

    std::shared_ptr<Io> io_;  // shared with waits that are under way
    int pid_ = -1;            // -1: reaped
};

}  // namespace nudged::process
