// SPDX-License-Identifier: Apache-2.0

// A Singer tap for tests. It follows the specification 0.2.0 where its configuration does not tell
// it otherwise: --config FILE [--state FILE] [--catalog FILE] [--properties FILE]. Its
// configuration names a script, whose lines it obeys one by one:
//
//   out TEXT      prints a line                  err TEXT     prints a line on standard error
//   raw TEXT      the same without a line feed   bytes N      prints N times the letter x
//   config        prints its configuration, state and surroundings as RECORDs of "self"
//   flood N       prints N records of 1 KB       wait-state   goes on only with a --state
//   exit N        ends                           signal N     ends by that signal
//   close         closes standard output         hang         stays for ever
//   deaf          ignores SIGTERM                child FILE   leaves a grandchild that holds the
//                                                             output open and writes its pid there
//   pid FILE      writes its pid there           memory N     asks for N MB

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <new>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace {

struct Arguments {
    std::string config, state, catalog, properties, line;
};

std::string read_file(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>(in), {}};
}

Arguments read_arguments(int argc, char** argv) {
    Arguments given;
    for (int i = 1; i < argc; ++i) given.line += std::string{argv[i]} + " ";
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string option = argv[i];
        if (option == "--config") given.config = argv[i + 1];
        if (option == "--state") given.state = argv[i + 1];
        if (option == "--catalog") given.catalog = argv[i + 1];
        if (option == "--properties") given.properties = argv[i + 1];
    }
    return given;
}

/// The text of a member, of a configuration that holds no escapes where it matters.
std::string member(const std::string& json, const std::string& name) {
    const auto key = json.find("\"" + name + "\":\"");
    if (key == std::string::npos) return {};
    const auto begin = key + name.size() + 4;
    return json.substr(begin, json.find('"', begin) - begin);
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out + "\"";
}

void say(const std::string& name, const std::string& value) {
    std::cout << R"({"type":"RECORD","stream":"self","record":{"id":)" << quoted(name)
              << R"(,"name":)" << quoted(value) << "}}\n";
}

std::string open_descriptors() {
    std::string all;
    DIR* folder = ::opendir("/proc/self/fd");
    while (const auto* entry = ::readdir(folder))
        if (entry->d_name[0] != '.' && std::atoi(entry->d_name) != ::dirfd(folder))
            all += std::string{entry->d_name} + " ";
    ::closedir(folder);
    return all;
}

std::string mode_of(const std::string& path) {
    struct stat status {};
    ::stat(path.c_str(), &status);
    std::ostringstream out;
    out << std::oct << (status.st_mode & 07777);
    return out.str();
}

/// Limits come just after the start.
void await_limit() {
    rlimit memory{RLIM_INFINITY, RLIM_INFINITY};
    for (int tries = 0; tries < 5000 && memory.rlim_cur == RLIM_INFINITY; ++tries) {
        ::usleep(1000);
        ::getrlimit(RLIMIT_AS, &memory);
    }
}

void tell_self(const Arguments& given) {
    std::string variables;
    for (char** one = environ; *one; ++one)
        variables += std::string{*one}.substr(0, std::string{*one}.find('=')) + " ";
    await_limit();
    rlimit core{}, memory{};
    ::getrlimit(RLIMIT_CORE, &core);
    ::getrlimit(RLIMIT_AS, &memory);
    char folder[4096] = {};
    if (!::getcwd(folder, sizeof folder)) folder[0] = '\0';
    say("arguments", given.line);
    say("config", read_file(given.config));
    say("config mode", mode_of(given.config));
    say("folder", folder);
    say("folder mode", mode_of(folder));
    say("state", given.state.empty() ? "none" : read_file(given.state));
    say("catalog", given.catalog.empty() ? "none" : read_file(given.catalog));
    say("properties", given.properties.empty() ? "none" : read_file(given.properties));
    say("variables", variables);
    say("descriptors", open_descriptors());
    say("core", std::to_string(core.rlim_cur));
    say("memory", memory.rlim_cur == RLIM_INFINITY ? "none" : std::to_string(memory.rlim_cur));
    say("group", ::getpgrp() == ::getpid() ? "own" : "shared");
}

void write_pid(const std::string& path) {
    std::ofstream{path + ".new"} << ::getpid();
    std::rename((path + ".new").c_str(), path.c_str());
}

[[noreturn]] void hang() {
    std::cout.flush();
    while (true) ::pause();
}

void leave_child(const std::string& path) {
    std::cout.flush();
    if (::fork() != 0) {
        while (read_file(path).empty()) ::usleep(1000);
        return;
    }
    write_pid(path);
    hang();
}

void flood(int count) {
    const std::string filler(1000, 'f');
    for (int i = 0; i < count; ++i)
        std::cout << R"({"type":"RECORD","stream":"accounts","record":{"id":)" << i
                  << R"(,"name":"n","filler":")" << filler << "\"}}\n";
}

void obey(const std::string& order, const std::string& rest, const Arguments& given) {
    const int number = std::atoi(rest.c_str());
    if (order == "out") std::cout << rest << '\n';
    if (order == "raw") std::cout << rest;
    if (order == "err") std::cerr << rest << '\n';
    if (order == "bytes") std::cout << std::string(static_cast<std::size_t>(number), 'x');
    if (order == "config") tell_self(given);
    if (order == "flood") flood(number);
    if (order == "wait-state" && given.state.empty()) std::exit(3);
    if (order == "pid") write_pid(rest);
    if (order == "child") leave_child(rest);
    if (order == "deaf") std::signal(SIGTERM, SIG_IGN);
    if (order == "hang") hang();
    if (order == "memory") {
        await_limit();
        auto* taken = ::operator new(static_cast<std::size_t>(number) << 20, std::nothrow);
        say("memory", taken ? "given" : "refused");
        ::operator delete(taken);
    }
    if (order == "close") {
        std::cout.flush();
        ::close(STDOUT_FILENO);
    }
    if (order == "exit") std::exit(number);
    if (order == "signal") {
        std::cout.flush();
        ::raise(number);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const auto given = read_arguments(argc, argv);
    const auto config = read_file(given.config);
    std::ifstream script{member(config, "script")};
    if (!script) {
        std::cerr << "no script: " << config << '\n';
        return 2;
    }
    for (std::string line; std::getline(script, line);) {
        const auto space = line.find(' ');
        obey(line.substr(0, space),
             space == std::string::npos ? std::string{} : line.substr(space + 1), given);
    }
    std::cout.flush();
    return 0;
}
