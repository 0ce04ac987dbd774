// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace nudged::tests {

TempFolder::TempFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "nudged-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::write(const std::string& name, const std::string& content) const {
    const auto target = path_ / name;
    std::filesystem::create_directories(target.parent_path());
    std::ofstream(target) << content;
    return target.string();
}

std::string read_file(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

Process::Process(std::vector<std::string> arguments, std::string output_file)
    : output_file_(std::move(output_file)) {
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const int out = open(output_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(127);
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        execv(argv[0], argv.data());
        _exit(127);
    }
    close(out);
    if (pid_ < 0) throw std::runtime_error("fork failed");
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      status_(other.status_),
      output_file_(std::move(other.output_file_)) {}

Process::~Process() {
    if (pid_ < 0 || status_) return;
    signal(SIGKILL);
    wait();
}

void Process::signal(int number) const {
    kill(pid_, number);
}

int Process::wait() {
    if (status_) return *status_;
    int raw = 0;
    waitpid(pid_, &raw, 0);
    status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    return *status_;
}

bool Process::runs() {
    if (status_) return false;
    int raw = 0;
    if (waitpid(pid_, &raw, WNOHANG) != pid_) return true;
    status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    return false;
}

std::string Process::await_line(const std::string& prefix) {
    // Another process's output can only be polled for.
    for (int tries = 0; tries < 3000; ++tries) {
        const bool running = runs();
        const auto text = "\n" + output();
        if (const auto at = text.find("\n" + prefix); at != std::string::npos) {
            const auto begin = at + 1 + prefix.size();
            const auto end = text.find('\n', begin);
            if (end != std::string::npos) return text.substr(begin, end - begin);
        }
        if (!running) break;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return {};
}

Finished run_program(std::vector<std::string> arguments) {
    const TempFolder folder;
    Process process(std::move(arguments), folder.file("output"));
    const int status = process.wait();
    return {status, process.output()};
}

}  // namespace nudged::tests
