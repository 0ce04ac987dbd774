// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nudged::tests {

/// A folder of its own, gone at the end.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::string file(const std::string& name) const { return (path_ / name).string(); }
    /// Writes a file, its folders too; its path.
    std::string write(const std::string& name, const std::string& content) const;

private:
    std::filesystem::path path_;
};

std::string read_file(const std::string& path);

/// A program that runs beside the test. Its output goes to a file; it is killed at the end, and
/// dies with the test should that crash.
class Process {
public:
    Process(std::vector<std::string> arguments, std::string output_file);
    ~Process();
    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;

    void signal(int number) const;
    /// Waits until it ends; its exit status, or 128 + the signal that ended it.
    int wait();
    bool runs();
    std::string output() const { return read_file(output_file_); }
    /// Waits until the output holds a line that begins with `prefix`, and returns the rest of that
    /// line; "" when the program ends, or half a minute passes, without one.
    std::string await_line(const std::string& prefix);
    pid_t pid() const { return pid_; }

private:
    pid_t pid_ = -1;
    std::optional<int> status_;
    std::string output_file_;
};

/// Runs a program to its end.
struct Finished {
    int status = 0;
    std::string output;  // standard output and error together
};
Finished run_program(std::vector<std::string> arguments);

}  // namespace nudged::tests
