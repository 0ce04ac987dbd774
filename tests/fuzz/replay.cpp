// SPDX-License-Identifier: Apache-2.0
// replay TARGET FOLDER…: takes every file of the folders through a target, in any build. A file
// that takes longer than ten seconds (with sanitizers; libFuzzer's limit is less) fails.
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    if (!fs::exists(folder)) return files;
    for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

bool took_too_long(const fs::path& file, void (*take)(std::string_view)) {
    const auto input = read_file(file);
    std::cout << file.string() << std::endl;  // before it, should it crash
    const auto begun = std::chrono::steady_clock::now();
    take(input);
    return std::chrono::steady_clock::now() - begun > std::chrono::seconds{10};
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::string> given{words + 1, words + count};
    const auto all = nudged::fuzz::targets();
    const auto target = std::ranges::find_if(
        all, [&](const auto& one) { return !given.empty() && one.name == given.front(); });
    if (target == all.end()) {
        std::cerr << "replay TARGET FOLDER…\n";
        return 64;
    }
    std::size_t taken = 0;
    for (auto folder = given.begin() + 1; folder != given.end(); ++folder)
        for (const auto& file : files_in(*folder)) {
            ++taken;
            if (!took_too_long(file, target->take)) continue;
            std::cerr << file.string() << " takes too long\n";
            return 1;
        }
    std::cout << taken << " inputs\n";
    return taken == 0 ? 1 : 0;  // a folder that moved must not pass unseen
}
